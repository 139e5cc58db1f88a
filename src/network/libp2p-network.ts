import type { Connection, Stream } from '@libp2p/interface';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { Libp2p } from 'libp2p';
import { throwIfAborted } from '../core/abort.ts';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Clock } from '../core/ports/environment.ts';
import type {
  Answer,
  Complaint,
  ConnectedPeer,
  Network,
  PeerAddress,
  PeerStanding,
  PeerStream,
  Protocol,
} from '../core/ports/network.ts';
import type { Complaints } from './complaints.ts';
import { FramedStream } from './framed-stream.ts';
import { didOf } from './peer-keys.ts';
import { type PeerBudget, PeerLink } from './peer-link.ts';
import { translateError } from './translate-error.ts';

/** What a peer has to say goodbye. */
const GOODBYE_MS = 1_000;

/** Addresses kept for one peer: the last that worked, and those before. */
const MAX_KNOWN_ADDRESSES = 4;

/** libp2p counts streams as well, by connection; we count by peer. */
const UNCOUNTED = {
  maxInboundStreams: Number.MAX_SAFE_INTEGER,
  maxOutboundStreams: Number.MAX_SAFE_INTEGER,
};

interface NetworkParts {
  readonly did: Did;
  readonly admits: (did: Did) => PeerStanding;
  readonly links: Map<Did, PeerLink>;
  readonly complaints: Complaints;
  readonly budget: PeerBudget;
  readonly handshakeMs: number;
  readonly strangerMs: number;
  readonly clock: Clock;
}

/** {@link Network} over one libp2p node, which it owns. */
export class Libp2pNetwork implements Network, AsyncDisposable {
  readonly did: Did;
  readonly #node: Libp2p;
  readonly #parts: NetworkParts;
  readonly #known = new Map<Did, readonly PeerAddress[]>();
  readonly #listeners = new Set<Parameters<Network['watch']>[0]>();

  /** Takes a node that has not been started. */
  constructor(node: Libp2p, parts: NetworkParts) {
    this.did = parts.did;
    this.#node = node;
    this.#parts = parts;
    node.addEventListener('connection:open', ({ detail }) => this.#onOpen(detail));
    node.addEventListener('connection:close', ({ detail }) => this.#onClose(detail));
  }

  get addresses(): readonly PeerAddress[] {
    return this.#node.getMultiaddrs().map(String);
  }

  async dial(
    address: PeerAddress,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Did> {
    throwIfAborted(signal);
    for (const [peer, addresses] of this.#known) {
      if (addresses.includes(address) && this.#parts.links.has(peer)) return peer;
    }
    try {
      const { remotePeer } = await this.#node.dial(parseAddress(address), {
        signal: within(this.#parts.handshakeMs, signal),
      });
      const peer = didOf(remotePeer);
      if (peer === undefined) throw new ArchiveError('peer_refused', `${address} has another key`);
      this.#remember(peer, address);
      return peer;
    } catch (error) {
      throw translateError(error, address, signal);
    }
  }

  async open(
    peer: Did,
    protocol: Protocol,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<PeerStream> {
    throwIfAborted(signal);
    if (!this.#parts.links.has(peer)) await this.#dialKnown(peer, signal);
    const link = this.#parts.links.get(peer);
    const connection = link?.connections.findLast(({ status }) => status === 'open');
    if (link === undefined || connection === undefined)
      throw unreachable(`${peer} is not connected`);
    if (this.#parts.admits(peer) === 'stranger') {
      throw new ArchiveError('peer_refused', `${peer} is not a member`);
    }
    const what = `${protocol.name} with ${peer}`;
    try {
      const stream = await connection.newStream(protocol.name, {
        signal: within(this.#parts.handshakeMs, signal),
        ...UNCOUNTED,
      });
      const framed = this.#frame(stream, link, protocol);
      const stop = () => framed.abort(translateError(signal?.reason, what, signal));
      signal?.addEventListener('abort', stop);
      try {
        await framed.greeting();
      } finally {
        signal?.removeEventListener('abort', stop);
      }
      return framed;
    } catch (error) {
      throw translateError(error, what, signal);
    }
  }

  handle(protocol: Protocol, answer: Answer): void {
    const handler = (stream: Stream, connection: Connection) =>
      this.#onCall(stream, connection, protocol, answer);
    // The handler counts from the call on; what is awaited is a note in libp2p's book of peers.
    this.#node.handle(protocol.name, handler, { ...UNCOUNTED, force: true }).catch(() => {});
  }

  peers(): readonly ConnectedPeer[] {
    return [...this.#parts.links.values()].flatMap(
      (link) => link.describe(this.#parts.admits(link.peer)) ?? [],
    );
  }

  complaints(): readonly Complaint[] {
    return this.#parts.complaints.list();
  }

  watch(listener: Parameters<Network['watch']>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async disconnect(peer: Did, reason: string): Promise<void> {
    const link = this.#parts.links.get(peer);
    if (link === undefined) return;
    const error = new ArchiveError('peer_refused', `${peer} was let go: ${reason}`);
    link.drop(error);
    await Promise.all(link.connections.map((connection) => hangUp(connection, error)));
  }

  async recheck(): Promise<void> {
    const leaving: Promise<void>[] = [];
    for (const link of this.#parts.links.values()) {
      const isStranger = this.#parts.admits(link.peer) === 'stranger';
      if (link.isStranger && !isStranger) {
        link.isStranger = false;
        this.#tell(link.peer, true);
      } else if (!link.isStranger && isStranger) {
        leaving.push(this.disconnect(link.peer, 'it is a member no longer'));
      }
    }
    await Promise.all(leaving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ending = new ArchiveError('aborted', 'the node is ending', { retryable: true });
    for (const link of this.#parts.links.values()) {
      link.drop(ending);
      for (const connection of link.connections) connection.abort(ending);
    }
    await this.#node.stop();
  }

  async #dialKnown(peer: Did, signal: AbortSignal | undefined): Promise<void> {
    let failure = unreachable(`no address of ${peer} is known`);
    for (const address of this.#known.get(peer) ?? []) {
      try {
        await this.dial(address, signal === undefined ? {} : { signal });
        return;
      } catch (error) {
        if (!(error instanceof ArchiveError) || error.code === 'aborted') throw error;
        failure = error;
      }
    }
    throw failure;
  }

  #remember(peer: Did, address: PeerAddress): void {
    const others = this.#known.get(peer)?.filter((known) => known !== address) ?? [];
    this.#known.set(peer, [address, ...others].slice(0, MAX_KNOWN_ADDRESSES));
  }

  #onOpen(connection: Connection): void {
    const peer = didOf(connection.remotePeer);
    // What came with the handshake can have ended the connection before it was opened.
    if (peer === undefined || connection.status !== 'open') return;
    const { admits, links, budget, clock, strangerMs } = this.#parts;
    const known = links.get(peer);
    const link = known ?? new PeerLink(peer, admits(peer) === 'stranger', budget);
    link.add(connection, clock());
    if (known !== undefined) return;
    links.set(peer, link);
    if (!link.isStranger) this.#tell(peer, true);
    else setTimeout(() => this.#letGo(link, 'its time is up'), strangerMs).unref();
  }

  #onClose(connection: Connection): void {
    // Nothing here uses libp2p's book of peers, which would keep every key that ever called.
    this.#node.peerStore.delete(connection.remotePeer).catch(() => {});
    const peer = didOf(connection.remotePeer);
    const link = peer === undefined ? undefined : this.#parts.links.get(peer);
    if (link === undefined || !link.remove(connection)) return;
    this.#parts.links.delete(link.peer);
    link.drop(unreachable('the connection is gone'));
    if (!link.isStranger) this.#tell(link.peer, false);
  }

  #onCall(stream: Stream, connection: Connection, protocol: Protocol, answer: Answer): void {
    const peer = didOf(connection.remotePeer);
    const link = peer === undefined ? undefined : this.#parts.links.get(peer);
    if (link === undefined) {
      stream.abort(new Error('the connection is gone'));
      return;
    }
    const refusal = this.#whyNot(link, protocol);
    if (refusal !== undefined) {
      this.#parts.complaints.add(link.peer, new ArchiveError('peer_refused', refusal));
      void this.#frame(stream, link, protocol).refuse(refusal);
      return;
    }
    link.count(protocol.name, 1);
    const framed = this.#frame(stream, link, protocol, () => link.count(protocol.name, -1));
    framed.welcome();
    void this.#answer(framed, answer);
  }

  #whyNot(link: PeerLink, { name, strangers, maxStreams }: Protocol): string | undefined {
    if (!strangers && this.#parts.admits(link.peer) !== 'member') return `${name} is for members`;
    if (link.countOf(name) >= maxStreams)
      return `there are ${maxStreams} streams of ${name} already`;
    return undefined;
  }

  async #answer(stream: FramedStream, answer: Answer): Promise<void> {
    try {
      await answer(stream, stream.signal);
      await stream.finish();
    } catch (cause) {
      const error =
        cause instanceof ArchiveError
          ? cause
          : new ArchiveError('internal', `${stream.protocol.name}: ${String(cause)}`, { cause });
      if (stream.isOver && !stream.signal.aborted) this.#parts.complaints.add(stream.peer, error);
      stream.abort(error);
    }
  }

  #frame(stream: Stream, link: PeerLink, protocol: Protocol, onOver = () => {}): FramedStream {
    const framed: FramedStream = new FramedStream(stream, link.peer, protocol, {
      onBytes: (direction, byteLength) => link.onBytes(direction, byteLength),
      onMessage: (byteLength) => {
        const waitMs = link.onMessage(byteLength);
        if (link.hasSaidEnough) this.#letGo(link, 'it has said enough');
        return waitMs;
      },
      onOver: (failure) => {
        link.streams.delete(framed);
        if (failure !== undefined && failure.code !== 'aborted') {
          this.#parts.complaints.add(link.peer, failure);
        }
        onOver();
      },
    });
    if (!framed.isOver) link.streams.add(framed);
    return framed;
  }

  #letGo(link: PeerLink, reason: string): void {
    if (!link.isStranger || this.#parts.links.get(link.peer) !== link) return;
    void this.disconnect(link.peer, `a stranger, and ${reason}`);
  }

  #tell(peer: Did, connected: boolean): void {
    for (const listener of this.#listeners) listener({ peer, connected });
  }
}

async function hangUp(connection: Connection, reason: ArchiveError): Promise<void> {
  try {
    await connection.close({ signal: AbortSignal.timeout(GOODBYE_MS) });
  } catch {
    connection.abort(reason);
  }
}

function parseAddress(address: PeerAddress): Multiaddr {
  try {
    return multiaddr(address);
  } catch (cause) {
    const text = `${JSON.stringify(address)} is not an address; one looks like /ip4/10.77.0.2/tcp/4001/p2p/12D3Koo…`;
    throw new ArchiveError('usage_invalid', text, { cause });
  }
}

function within(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function unreachable(text: string): ArchiveError {
  return new ArchiveError('peer_unreachable', text, { retryable: true });
}
