import type { Did } from '../entries/did-key.ts';
import type { ArchiveError, ErrorCode } from '../errors.ts';

/** Where a node can be reached, as multiaddr text: `/ip4/10.77.0.2/tcp/4001/p2p/12D3Koo…`. */
export type PeerAddress = string;

/**
 * What a key is to this node. A `member` may open every protocol. A `guest` is somebody this node has
 * chosen to talk to before it can know whether they are a member: this node opens what it likes, the
 * guest only what is open to strangers. A `stranger` is given some seconds for protocols that are
 * open to strangers, and is then let go. A `visitor` is no member either and may stay: it has blocks by
 * {@link BlockExchange}, and this node may want blocks of it; else it may open what strangers may.
 */
export type PeerStanding = 'member' | 'guest' | 'stranger' | 'visitor';

/** Says whether a peer may open a protocol here. */
export function isOpenTo(
  { strangers, guests = false }: Pick<Protocol, 'strangers' | 'guests'>,
  standing: PeerStanding,
): boolean {
  return standing === 'member' || strangers || (guests && standing === 'guest');
}

/** Whether the archive's own protocols are spoken with a peer. */
export function isOfArchive(standing: PeerStanding): boolean {
  return standing === 'member' || standing === 'guest';
}

/** One sort of conversation between nodes. */
export interface Protocol {
  /** `/ringfence/NAME/VERSION`. */
  readonly name: string;
  /** Whether peers that are no members may open it: only to show an invitation. */
  readonly strangers: boolean;
  /** Whether guests may, where strangers may not: what is asked proves itself. */
  readonly guests?: boolean;
  /** Greatest size of one message in bytes; a longer one ends the stream before it is in memory. */
  readonly maxMessageBytes: number;
  /**
   * While this side waits for the peer, to receive from it or to take what is sent, and it moves
   * nothing for so long, the stream is aborted. A side that only listens therefore needs a peer that
   * says something now and then; nobody is timed out while neither side waits.
   */
  readonly idleMs: number;
  /** How many streams of it one peer may have open here; a further one is refused. */
  readonly maxStreams: number;
}

/**
 * One conversation with one peer: whole messages in order, both ways.
 *
 * Everything of it fails with `peer_unreachable` (the connection is gone, or the peer dropped the
 * stream), `peer_timeout` (idle too long), `peer_invalid` (the peer broke the framing) or what this
 * side aborted it with, and never otherwise; a message longer than the protocol allows is a defect
 * of the caller and throws a `RangeError`. Nothing is rejected that nobody awaits.
 *
 * Disposing gives the stream up: what this side has ended is still delivered, any other stream is
 * aborted. So `using stream = await network.open(…)` never leaves one behind.
 */
export interface PeerStream extends Disposable {
  /** The peer's key, as the handshake has proved it. */
  readonly peer: Did;

  /**
   * Sends one message; resolves when it is on its way, so awaiting it bounds memory. The bytes belong
   * to the stream until then. Messages of calls that were not awaited keep their order.
   */
  send(message: Uint8Array): Promise<void>;

  /**
   * Returns the peer's next message, undefined once the peer has ended. What is not received is not
   * taken from the connection, so a slow reader slows the sender down. One call at a time.
   *
   * A message may be put together in `into`, if that is long enough; whoever gave it decides when its
   * bytes are used again.
   */
  receive(into?: Uint8Array): Promise<Uint8Array | undefined>;

  /** The same messages as a loop; leaving the loop early leaves the rest for whoever reads on. */
  readonly messages: AsyncIterable<Uint8Array>;

  /** Says that nothing more will be sent; resolves when all of it is on its way. */
  end(): Promise<void>;

  /** Drops the stream at once, both ways. Can be called at any time, any number of times. */
  abort(reason: ArchiveError): void;
}

export interface ConnectedPeer {
  readonly peer: Did;
  readonly standing: PeerStanding;
  readonly address: PeerAddress;
  readonly direction: 'inbound' | 'outbound';
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Something that went wrong with a peer, as often as it did. */
export interface Complaint {
  /** The key where the handshake got so far, else the address, without its port. */
  readonly from: string;
  readonly code: ErrorCode;
  /** The last of them, in words. */
  readonly text: string;
  readonly count: number;
  /** Milliseconds since 1970 of the last of them. */
  readonly at: number;
}

export interface PeerChange {
  readonly peer: Did;
  readonly connected: boolean;
  readonly standing: PeerStanding;
}

/**
 * Answers a stream that a peer has opened. When the promise resolves the stream is ended, and what
 * the peer still sends is thrown away; when it rejects the stream is aborted. The signal fires when
 * the stream is gone for any other reason.
 */
export type Answer = (stream: PeerStream, signal: AbortSignal) => Promise<void>;

/**
 * Conversations with other nodes. It listens and dials as configured and nowhere else, and opens its
 * protocols to members' keys alone, save for those open to strangers.
 */
export interface Network {
  readonly did: Did;

  /** Where this node listens now, with its key at the end. */
  readonly addresses: readonly PeerAddress[];

  /**
   * Connects to a node, if it is not connected already, and returns its key.
   *
   * @throws {ArchiveError} `peer_unreachable`, `peer_refused` (its key is a stranger's here, or not
   * the one the address names), `usage_invalid` for an address that is none, `aborted`. Network keys
   * that differ show as either of the first two: neither side can read what the other says.
   */
  dial(address: PeerAddress, options?: { readonly signal?: AbortSignal }): Promise<Did>;

  /**
   * Opens a stream to a connected peer, or to one whose address was dialled before; the peer has
   * agreed when the promise resolves. With `beside` it is opened on the connection of that stream while
   * it stands: two nodes may run with one key, and the one that called is asked. Else on the newest one.
   *
   * @throws {ArchiveError} as {@link Network.dial}; `peer_refused` also when the peer does not let
   * this key open the protocol, does not know it, or has enough streams of it.
   */
  open(
    peer: Did,
    protocol: Protocol,
    options?: { readonly signal?: AbortSignal; readonly beside?: PeerStream },
  ): Promise<PeerStream>;

  /** Answers streams of this protocol from now on. Errors of an answer end its stream alone. */
  handle(protocol: Protocol, answer: Answer): void;

  /** Peers connected now. */
  peers(): readonly ConnectedPeer[];

  /** What went wrong with peers since this node started, newest last; the oldest of many are dropped. */
  complaints(): readonly Complaint[];

  /** Notes what a peer did wrong that only a conversation can tell: it lied in good form. */
  complain(peer: Did, error: ArchiveError): void;

  /**
   * Calls the listener whenever a peer's first connection comes or its last one goes; returns how to
   * stop. Of strangers, and of visitors who came of their own accord, it says nothing until {@link
   * Network.recheck} finds them to be more.
   */
  watch(listener: (change: PeerChange) => void): () => void;

  /** Closes every connection with the peer. */
  disconnect(peer: Did, reason: string): Promise<void>;

  /**
   * Looks again at who is let in, and closes connections with those who no longer are. To be called
   * whenever membership may have changed.
   */
  recheck(): Promise<void>;
}
