import { throwIfAborted } from '../../src/core/abort.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type {
  Answer,
  Complaint,
  ConnectedPeer,
  Network,
  PeerAddress,
  PeerStanding,
  PeerStream,
  Protocol,
} from '../../src/core/ports/network.ts';
import { isOpenTo } from '../../src/core/ports/network.ts';
import { MemoryStream, type MemoryStreamEvents } from './memory-stream.ts';

interface MemoryNodeOptions {
  readonly did: Did;
  /** Everybody is a member unless this says otherwise. */
  readonly admits?: (did: Did) => PeerStanding;
}

/** A hall in which nodes of one process can hear each other: real protocols, no sockets. */
export class MemoryHub {
  readonly #nodes = new Map<PeerAddress, MemoryNetwork>();
  readonly #parted = new Set<string>();
  #opened = 0;

  open(options: MemoryNodeOptions): MemoryNetwork {
    const address = `/memory/${++this.#opened}/p2p/${options.did}`;
    const node = new MemoryNetwork(this, address, options);
    this.#nodes.set(address, node);
    return node;
  }

  /** Cuts two nodes off from each other, as if a cable were pulled; returns how to mend it. */
  part(one: Network, other: Network): () => void {
    const pair = pairOf(one.did, other.did);
    this.#parted.add(pair);
    if (one instanceof MemoryNetwork) one.lose(other.did);
    return () => this.#parted.delete(pair);
  }

  find(address: PeerAddress, from: Did): MemoryNetwork {
    const node = this.#nodes.get(address);
    if (node !== undefined && !this.#parted.has(pairOf(from, node.did))) return node;
    throw new ArchiveError('peer_unreachable', `nobody answers at ${address}`, { retryable: true });
  }

  remove(address: PeerAddress): void {
    this.#nodes.delete(address);
  }
}

interface Side {
  readonly node: MemoryNetwork;
  readonly direction: 'inbound' | 'outbound';
  readonly streams: Set<MemoryStream>;
  received: number;
  sent: number;
}

interface Connection {
  readonly since: number;
  readonly address: PeerAddress;
  readonly sides: readonly [dialler: Side, dialled: Side];
}

/** A network between nodes of one process, with the same limits on streams and messages. */
class MemoryNetwork implements Network, AsyncDisposable {
  readonly did: Did;
  readonly addresses: readonly PeerAddress[];
  readonly #hub: MemoryHub;
  readonly #admits: (did: Did) => PeerStanding;
  readonly #handlers = new Map<string, { readonly protocol: Protocol; readonly answer: Answer }>();
  readonly #connections = new Map<Did, Connection>();
  /** Peers that called as strangers and are no more yet; here they are never let go. */
  readonly #strangers = new Set<Did>();
  readonly #known = new Map<Did, PeerAddress>();
  readonly #complaints = new Map<string, Complaint>();
  readonly #listeners = new Set<Parameters<Network['watch']>[0]>();
  readonly #open = new Map<string, number>();
  readonly #aborts = new WeakMap<PeerStream, AbortController>();

  constructor(hub: MemoryHub, address: PeerAddress, options: MemoryNodeOptions) {
    this.#hub = hub;
    this.did = options.did;
    this.addresses = [address];
    this.#admits = options.admits ?? (() => 'member');
  }

  async dial(address: PeerAddress, options: { readonly signal?: AbortSignal } = {}): Promise<Did> {
    throwIfAborted(options.signal);
    if (!address.startsWith('/')) {
      throw new ArchiveError('usage_invalid', `${JSON.stringify(address)} is not an address`);
    }
    const other = this.#hub.find(address, this.did);
    if (other === this) throw new ArchiveError('peer_refused', 'a node does not dial itself');
    if (this.#admits(other.did) === 'stranger') throw refused(`${other.did} is no member`);
    this.#known.set(other.did, address);
    if (!this.#connections.has(other.did)) this.#connect(other, address);
    return other.did;
  }

  async open(
    peer: Did,
    protocol: Protocol,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<PeerStream> {
    throwIfAborted(options.signal);
    if (!this.#connections.has(peer)) {
      const address = this.#known.get(peer);
      if (address === undefined) throw unreachable(`no address of ${peer} is known`);
      await this.dial(address);
    }
    const connection = this.#connections.get(peer);
    if (connection === undefined) throw unreachable(`${peer} is not connected`);
    const [mine, theirs] = this.#sidesOf(connection);
    const handler = theirs.node.#handlerFor(this.did, protocol);
    const here = this.#stream(mine, theirs.node.did, protocol);
    const there = theirs.node.#stream(theirs, this.did, handler.protocol, (failure) =>
      theirs.node.#answered(this.did, protocol.name, failure),
    );
    MemoryStream.join(here, there);
    theirs.node.#count(this.did, protocol.name, 1);
    void theirs.node.#answer(there, handler.answer);
    return here;
  }

  handle(protocol: Protocol, answer: Answer): void {
    this.#handlers.set(protocol.name, { protocol, answer });
  }

  peers(): readonly ConnectedPeer[] {
    return [...this.#connections].map(([peer, connection]) => {
      const [{ direction, received, sent }] = this.#sidesOf(connection);
      return {
        peer,
        standing: this.#admits(peer),
        address: connection.address,
        direction,
        since: connection.since,
        receivedBytes: received,
        sentBytes: sent,
      };
    });
  }

  complaints(): readonly Complaint[] {
    return [...this.#complaints.values()];
  }

  complain(peer: Did, error: ArchiveError): void {
    this.#complain(peer, error);
  }

  watch(listener: Parameters<Network['watch']>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async disconnect(peer: Did): Promise<void> {
    this.lose(peer);
  }

  async recheck(): Promise<void> {
    for (const peer of [...this.#connections.keys()]) {
      const isStranger = this.#admits(peer) === 'stranger';
      if (isStranger && !this.#strangers.has(peer)) this.lose(peer);
      else if (!isStranger && this.#strangers.delete(peer)) this.#tell(peer, true);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hub.remove(this.addresses[0] ?? '');
    for (const peer of [...this.#connections.keys()]) this.lose(peer);
  }

  /** Drops the connection with a peer without a word. */
  lose(peer: Did): void {
    const connection = this.#connections.get(peer);
    if (connection === undefined) return;
    const [mine, theirs] = this.#sidesOf(connection);
    for (const stream of [...mine.streams]) stream.lose();
    this.#hangUp(peer);
    theirs.node.#hangUp(this.did);
  }

  #hangUp(peer: Did): void {
    this.#connections.delete(peer);
    if (!this.#strangers.delete(peer)) this.#tell(peer, false);
  }

  #connect(other: MemoryNetwork, address: PeerAddress): void {
    const side = (node: MemoryNetwork, direction: Side['direction']): Side => ({
      node,
      direction,
      streams: new Set(),
      received: 0,
      sent: 0,
    });
    const sides = [side(this, 'outbound'), side(other, 'inbound')] as const;
    const connection: Connection = { since: Date.now(), address, sides };
    this.#connections.set(other.did, connection);
    other.#connections.set(this.did, connection);
    this.#tell(other.did, true);
    if (other.#admits(this.did) === 'stranger') other.#strangers.add(this.did);
    else other.#tell(this.did, true);
  }

  #sidesOf({ sides }: Connection): readonly [mine: Side, theirs: Side] {
    return sides[0].node === this ? sides : [sides[1], sides[0]];
  }

  #handlerFor(peer: Did, { name }: Protocol): { protocol: Protocol; answer: Answer } {
    const handler = this.#handlers.get(name);
    if (handler === undefined) throw refused(`${this.did} does not know ${name}`);
    if (!isOpenTo(handler.protocol, this.#admits(peer))) {
      this.#complain(peer, refused(`${name} is for members`));
      throw refused(`${this.did} lets only members open ${name}`);
    }
    if ((this.#open.get(`${peer} ${name}`) ?? 0) >= handler.protocol.maxStreams) {
      this.#complain(peer, refused(`too many streams of ${name}`));
      throw refused(`${this.did} has enough streams of ${name} with this node`);
    }
    return handler;
  }

  #stream(
    side: Side,
    peer: Did,
    protocol: Protocol,
    onOver: MemoryStreamEvents['onOver'] = () => {},
  ): MemoryStream {
    const stream: MemoryStream = new MemoryStream(peer, protocol, {
      onSent: (byteLength) => {
        side.sent += byteLength;
      },
      onReceived: (byteLength) => {
        side.received += byteLength;
      },
      onOver: (failure) => {
        side.streams.delete(stream);
        if (failure !== undefined) this.#aborts.get(stream)?.abort(failure);
        onOver(failure);
      },
    });
    side.streams.add(stream);
    return stream;
  }

  async #answer(stream: MemoryStream, answer: Answer): Promise<void> {
    const gone = new AbortController();
    this.#aborts.set(stream, gone);
    try {
      await answer(stream, gone.signal);
      this.#aborts.delete(stream);
      stream.finish();
    } catch (error) {
      stream.abort(
        error instanceof ArchiveError
          ? error
          : new ArchiveError('internal', 'an answer failed', { cause: error }),
      );
    }
  }

  #answered(peer: Did, name: string, failure: ArchiveError | undefined): void {
    this.#count(peer, name, -1);
    if (failure !== undefined && failure.code !== 'aborted') this.#complain(peer, failure);
  }

  #count(peer: Did, name: string, by: number): void {
    const key = `${peer} ${name}`;
    this.#open.set(key, (this.#open.get(key) ?? 0) + by);
  }

  #complain(from: string, { code, message: text }: ArchiveError): void {
    const key = `${from} ${code}`;
    const count = (this.#complaints.get(key)?.count ?? 0) + 1;
    this.#complaints.delete(key);
    this.#complaints.set(key, { from, code, text, count, at: Date.now() });
  }

  #tell(peer: Did, connected: boolean): void {
    const standing = this.#admits(peer);
    for (const listener of this.#listeners) listener({ peer, connected, standing });
  }
}

function pairOf(one: Did, other: Did): string {
  return [one, other].sort().join(' ');
}

function refused(text: string): ArchiveError {
  return new ArchiveError('peer_refused', text);
}

function unreachable(text: string): ArchiveError {
  return new ArchiveError('peer_unreachable', text, { retryable: true });
}
