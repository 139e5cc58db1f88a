import type { Connection, PublicKey, Stream } from '@libp2p/interface';
import type { Libp2p } from 'libp2p';
import { throwIfAborted } from '../core/abort.ts';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Clock } from '../core/ports/environment.ts';
import {
  type Answer,
  type Complaint,
  type ConnectedPeer,
  isOfArchive,
  isOpenTo,
  type Network,
  type PeerAddress,
  type PeerChange,
  type PeerStanding,
  type PeerStream,
  type Protocol,
} from '../core/ports/network.ts';
import type { Bitswap } from './bitswap/bitswap.ts';
import { BITSWAP } from './bitswap/outbox.ts';
import type { Complaints } from './complaints.ts';
import type { ConnectionLimits } from './doorkeeper.ts';
import { FramedStream } from './framed-stream.ts';
import { IDENTIFY, identifyAnswer } from './identify.ts';
import { cannotListen } from './libp2p-node.ts';
import { parseAddress } from './parse-address.ts';
import { didOf } from './peer-keys.ts';
import { type PeerBudget, PeerLink, VISITOR_BUDGET } from './peer-link.ts';
import { translateError } from './translate-error.ts';
import { type VisitorLimits, Visitors } from './visitors.ts';

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
  readonly blocks: Bitswap;
  readonly key: PublicKey;
  readonly listen: readonly PeerAddress[];
  readonly limits: ConnectionLimits & VisitorLimits;
  readonly clock: Clock;
}

/** {@link Network} over one libp2p node, which it owns. */
export class Libp2pNetwork implements Network, AsyncDisposable {
  readonly did: Did;
  readonly blocks: Bitswap;
  /** Places for those who come for what is public. */
  readonly visitors: Visitors;
  readonly #node: Libp2p;
  readonly #parts: NetworkParts;
  readonly #known = new Map<Did, readonly PeerAddress[]>();
  readonly #listeners = new Set<(change: PeerChange) => void>();
  readonly #calledOver = new WeakMap<PeerStream, Connection>();
  readonly #sweeping: NodeJS.Timeout;

  /** Takes a node that has not been started. */
  constructor(node: Libp2p, parts: NetworkParts) {
    const { blocks, links, limits } = parts;
    this.did = parts.did;
    this.blocks = blocks;
    this.#node = node;
    this.#parts = parts;
    this.visitors = new Visitors(links, limits, (link, reason) => {
      void this.disconnect(link.peer, `a visitor, and ${reason}`);
    });
    this.#sweeping = setInterval(() => this.visitors.sweep(), limits.crowdedMs).unref();
    node.addEventListener('connection:open', ({ detail }) => this.#onOpen(detail));
    node.addEventListener('connection:close', ({ detail }) => this.#onClose(detail));
    this.#serveIpfs();
  }

  /** Listens and dials from now on. @throws {ArchiveError} `usage_invalid`. */
  async start(): Promise<void> {
    try {
      await this.#node.start();
    } catch (cause) {
      throw cannotListen(this.#parts.listen, cause);
    }
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
        signal: within(this.#parts.limits.handshakeMs, signal),
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
    { signal, beside }: { readonly signal?: AbortSignal; readonly beside?: PeerStream } = {},
  ): Promise<PeerStream> {
    throwIfAborted(signal);
    if (!this.#parts.links.has(peer)) await this.#dialKnown(peer, signal);
    const link = this.#parts.links.get(peer);
    if (link === undefined) throw unreachable(`${peer} is not connected`);
    const called = beside && this.#calledOver.get(beside);
    const connection = called?.status === 'open' ? called : link.connection;
    if (!isOfArchive(this.#parts.admits(peer))) {
      throw new ArchiveError('peer_refused', `${peer} is not a member`);
    }
    const what = `${protocol.name} with ${peer}`;
    try {
      const stream = await connection.newStream(protocol.name, {
        signal: within(this.#parts.limits.handshakeMs, signal),
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

  complain(peer: Did, error: ArchiveError): void {
    this.#parts.complaints.add(peer, error);
  }

  watch(listener: (change: PeerChange) => void): () => void {
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
      const standing = this.#parts.admits(link.peer);
      if (standing === link.standing) continue;
      if (isOfArchive(standing) || (standing === 'visitor' && link.standing === 'stranger')) {
        link.promote(standing, this.#budgetOf(standing));
        this.#tellOf(link);
      } else leaving.push(this.disconnect(link.peer, 'it may not stay any longer'));
    }
    await Promise.all(leaving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeping);
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
    const { admits, links, limits, clock } = this.#parts;
    const standing = admits(peer);
    const known = links.get(peer);
    const link = known ?? new PeerLink(peer, standing, this.#budgetOf(standing, connection));
    link.add(connection, clock());
    links.set(peer, link);
    this.#tellOf(link);
    if (standing !== 'stranger' || known !== undefined) return;
    setTimeout(() => this.#letGo(link, 'its time is up'), limits.strangerMs).unref();
  }

  #onClose(connection: Connection): void {
    // Nothing here uses libp2p's book of peers, which would keep every key that ever called.
    this.#node.peerStore.delete(connection.remotePeer).catch(() => {});
    const peer = didOf(connection.remotePeer);
    const link = peer === undefined ? undefined : this.#parts.links.get(peer);
    if (link === undefined || !link.remove(connection)) return;
    this.#parts.links.delete(link.peer);
    link.drop(unreachable('the connection is gone'));
    this.blocks.forget(link);
    if (link.isTold) this.#tell(link, false);
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
    this.#calledOver.set(framed, connection);
    framed.welcome();
    void this.#answer(framed, answer);
  }

  #whyNot(link: PeerLink, protocol: Protocol): string | undefined {
    const { name, maxStreams } = protocol;
    if (!isOpenTo(protocol, this.#parts.admits(link.peer))) return `${name} is for members`;
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
    if (link.standing !== 'stranger' || this.#parts.links.get(link.peer) !== link) return;
    void this.disconnect(link.peer, `a stranger, and ${reason}`);
  }

  /** A visitor that this node has called is there to send blocks. */
  #budgetOf(standing: PeerStanding, connection?: Connection): PeerBudget {
    const isCalled = connection?.direction === 'outbound';
    return standing === 'visitor' && !isCalled ? VISITOR_BUDGET : this.#parts.budget;
  }

  /** Tells once that a peer is here: a member or guest, or whoever this node has called. */
  #tellOf(link: PeerLink): void {
    if (link.isTold || link.standing === 'stranger' || link.isInboundVisitor) return;
    link.isTold = true;
    this.#tell(link, true);
  }

  #tell({ peer, standing }: PeerLink, connected: boolean): void {
    for (const listener of this.#listeners) listener({ peer, connected, standing });
  }

  /** What IPFS nodes expect: bitswap, and identify, by which they learn that it is spoken here. */
  #serveIpfs(): void {
    const { blocks, key } = this.#parts;
    const identify = identifyAnswer(key, [IDENTIFY, BITSWAP]);
    const handlers = {
      [BITSWAP]: (stream: Stream, connection: Connection) => blocks.onStream(stream, connection),
      [IDENTIFY]: (stream: Stream, connection: Connection) => {
        if (blocks.isOpenTo(connection.remotePeer)) return identify(stream);
        stream.abort(new ArchiveError('peer_refused', 'nobody is told here'));
        return undefined;
      },
    };
    for (const [name, handler] of Object.entries(handlers)) {
      this.#node.handle(name, handler, UNCOUNTED).catch(() => {});
    }
  }
}

async function hangUp(connection: Connection, reason: ArchiveError): Promise<void> {
  try {
    await connection.close({ signal: AbortSignal.timeout(GOODBYE_MS) });
  } catch {
    connection.abort(reason);
  }
}

function within(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function unreachable(text: string): ArchiveError {
  return new ArchiveError('peer_unreachable', text, { retryable: true });
}
