import type { Connection } from '@libp2p/interface';
import type { Did } from '../core/entries/did-key.ts';
import type { ArchiveError } from '../core/errors.ts';
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
  /** It has connected as a stranger, and is let go unless it has become more. */
  isStranger: boolean;
  readonly streams = new Set<FramedStream>();
  readonly #lines = new Map<Connection, Line>();
  readonly #openByProtocol = new Map<string, number>();
  readonly #bytes: TokenBucket;
  readonly #messages: TokenBucket;
  #received = 0;
  #sent = 0;
  #strangerBytes = 0;
  #strangerMessages = 0;

  constructor(peer: Did, isStranger: boolean, budget: PeerBudget) {
    this.peer = peer;
    this.isStranger = isStranger;
    this.#bytes = new TokenBucket(budget.bytesPerSecond);
    this.#messages = new TokenBucket(budget.messagesPerSecond);
  }

  get connections(): readonly Connection[] {
    return [...this.#lines.keys()];
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
      this.isStranger &&
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
