import type { Connection } from '@libp2p/interface';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { ConnectedPeer, PeerAddress, PeerStanding } from '../core/ports/network.ts';
import type { FramedStream } from './framed-stream.ts';
import { TokenBucket } from './token-bucket.ts';

/** How much of this node's work one peer may ask for in a second; what is more has to wait. */
export interface PeerBudget {
  readonly bytesPerSecond: number;
  readonly messagesPerSecond: number;
}

export const PEER_BUDGET: PeerBudget = {
  bytesPerSecond: 256 * 1_024 * 1_024,
  messagesPerSecond: 20_000,
};

/** What is heard of a visitor, who comes to ask. */
export const VISITOR_BUDGET: PeerBudget = {
  bytesPerSecond: 1_024 * 1_024,
  messagesPerSecond: 100,
};

/** All that a stranger may say before it is let go. */
const STRANGER_BYTES = 64 * 1_024;
const STRANGER_MESSAGES = 16;

interface Line {
  readonly address: PeerAddress;
  readonly direction: 'inbound' | 'outbound';
  readonly since: number;
}

/** Everything this node has with one peer: its connections, streams, budget and counts. */
export class PeerLink {
  readonly peer: Did;
  /** What it was when that was looked at last. */
  standing: PeerStanding;
  /** Whether this node has told others of itself that it is here. */
  isTold = false;
  readonly streams = new Set<FramedStream>();
  readonly #lines = new Map<Connection, Line>();
  readonly #openByProtocol = new Map<string, number>();
  #bytes: TokenBucket;
  #messages: TokenBucket;
  #received = 0;
  #sent = 0;
  #strangerBytes = 0;
  #strangerMessages = 0;
  #givenAt = performance.now();

  constructor(peer: Did, standing: PeerStanding, budget: PeerBudget) {
    this.peer = peer;
    this.standing = standing;
    this.#bytes = new TokenBucket(budget.bytesPerSecond);
    this.#messages = new TokenBucket(budget.messagesPerSecond);
  }

  get connections(): readonly Connection[] {
    return [...this.#lines.keys()];
  }

  /** The connection that is used now. @throws {ArchiveError} `peer_unreachable`. */
  get connection(): Connection {
    const open = this.connections.findLast(({ status }) => status === 'open');
    if (open !== undefined) return open;
    const text = `${this.peer} is not connected`;
    throw new ArchiveError('peer_unreachable', text, { retryable: true });
  }

  /** It came of its own accord, and is no member. */
  get isInboundVisitor(): boolean {
    const directions = [...this.#lines.values()].map(({ direction }) => direction);
    return this.standing === 'visitor' && !directions.includes('outbound');
  }

  /** Milliseconds since it was given something, or has come. */
  get ungivenMs(): number {
    return performance.now() - this.#givenAt;
  }

  /** To be called when it was given what it asked for. */
  noteGiven(): void {
    this.#givenAt = performance.now();
  }

  /** To be called when it has become more than it was. */
  promote(standing: PeerStanding, budget: PeerBudget): void {
    this.standing = standing;
    this.#bytes = new TokenBucket(budget.bytesPerSecond);
    this.#messages = new TokenBucket(budget.messagesPerSecond);
  }

  add(connection: Connection, since: number): void {
    this.#lines.set(connection, {
      address: connection.remoteAddr.toString(),
      direction: connection.direction,
      since,
    });
  }

  /** Says whether that was the last connection. */
  remove(connection: Connection): boolean {
    this.#lines.delete(connection);
    return this.#lines.size === 0;
  }

  countOf(protocol: string): number {
    return this.#openByProtocol.get(protocol) ?? 0;
  }

  count(protocol: string, by: 1 | -1): void {
    this.#openByProtocol.set(protocol, this.countOf(protocol) + by);
  }

  onBytes(direction: 'received' | 'sent', byteLength: number): void {
    if (direction === 'received') this.#received += byteLength;
    else this.#sent += byteLength;
  }

  /** Returns the milliseconds that a message from the peer has to wait. */
  onMessage(byteLength: number): number {
    this.#strangerBytes += byteLength;
    this.#strangerMessages++;
    return Math.max(this.#bytes.take(byteLength), this.#messages.take(1));
  }

  get hasSaidEnough(): boolean {
    return (
      this.standing === 'stranger' &&
      (this.#strangerBytes > STRANGER_BYTES || this.#strangerMessages > STRANGER_MESSAGES)
    );
  }

  drop(reason: ArchiveError): void {
    for (const stream of [...this.streams]) stream.abort(reason);
  }

  describe(standing: PeerStanding): ConnectedPeer | undefined {
    const [line] = this.#lines.values();
    if (line === undefined) return undefined;
    return {
      peer: this.peer,
      standing,
      ...line,
      receivedBytes: this.#received,
      sentBytes: this.#sent,
    };
  }
}
