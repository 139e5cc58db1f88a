import type { Did } from '../entries/did-key.ts';
import type { ArchiveError } from '../errors.ts';

/** Where a node can be reached, as multiaddr text: `/ip4/10.77.0.2/tcp/4001/p2p/12D3Koo…`. */
export type PeerAddress = string;

/** One sort of conversation between nodes. */
export interface Protocol {
  /** `/ringfence/NAME/VERSION`. */
  readonly name: string;
  /** Whether peers that are no members may open it: only to show an invitation. */
  readonly strangers: boolean;
  /** Greatest size of one message in bytes; a longer one ends the stream before it is in memory. */
  readonly maxMessageBytes: number;
  /** A stream on which the peer moves nothing for so long is aborted. */
  readonly idleMs: number;
  /** How many streams one peer may have open; a further one is refused. */
  readonly maxStreams: number;
}

/**
 * One conversation with one peer: whole messages in order, both ways.
 *
 * Everything of it fails with `peer_unreachable` (the connection is gone), `peer_timeout` (idle too
 * long), `peer_invalid` (the peer broke the framing) or `aborted`, and never otherwise.
 */
export interface PeerStream {
  /** The peer's key, as the handshake has proved it. */
  readonly peer: Did;

  /** Sends one message; resolves when there is room for more, so awaiting it bounds memory. */
  send(message: Uint8Array): Promise<void>;

  /**
   * The peer's messages, to be read once; ends when the peer has ended. What is not read is not
   * taken from the connection, so a slow reader slows the sender down.
   */
  readonly messages: AsyncIterable<Uint8Array>;

  /** Says that nothing more will be sent; resolves when all of it is on its way. */
  end(): Promise<void>;

  /** Drops the stream at once, both ways. Can be called at any time, any number of times. */
  abort(reason: ArchiveError): void;
}

export interface ConnectedPeer {
  readonly peer: Did;
  readonly address: PeerAddress;
  readonly direction: 'inbound' | 'outbound';
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Answers a stream that a peer has opened. The stream is ended when the promise settles. */
export type Answer = (stream: PeerStream, signal: AbortSignal) => Promise<void>;

/**
 * Conversations with other nodes. It listens and dials as configured and nowhere else, and only
 * members' keys get past the handshake, save for protocols open to strangers.
 */
export interface Network {
  readonly did: Did;

  /** Where this node listens now. */
  readonly addresses: readonly PeerAddress[];

  /**
   * Connects to a node, if it is not connected already, and returns its key.
   *
   * @throws {ArchiveError} `peer_unreachable`, `peer_refused` (either side does not let the other
   * in, or the network keys differ), `usage_invalid` for an address that is none, `aborted`.
   */
  dial(address: PeerAddress, options?: { readonly signal?: AbortSignal }): Promise<Did>;

  /** Opens a stream to a connected peer, or to one whose address was dialled before. @throws as {@link Network.dial}. */
  open(
    peer: Did,
    protocol: Protocol,
    options?: { readonly signal?: AbortSignal },
  ): Promise<PeerStream>;

  /** Answers streams of this protocol from now on. Errors of an answer end its stream alone. */
  handle(protocol: Protocol, answer: Answer): void;

  /** Peers connected now. */
  peers(): readonly ConnectedPeer[];

  /** Calls the listener whenever a peer's first connection comes or its last one goes; returns how to stop. */
  watch(
    listener: (change: { readonly peer: Did; readonly connected: boolean }) => void,
  ): () => void;

  /** Closes every connection with the peer. */
  disconnect(peer: Did, reason: string): Promise<void>;

  /**
   * Looks again at who is let in, and closes connections with those who no longer are. To be called
   * whenever membership may have changed.
   */
  recheck(): Promise<void>;
}
