import type { Did } from '../../src/core/entries/did-key.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { PeerStream, Protocol } from '../../src/core/ports/network.ts';

/** Bytes that may lie between two nodes before a sender waits, as in a stream of Yamux. */
const WINDOW_BYTES = 256 * 1024;

/** One direction of a stream. Either side may fail it for itself and, with other words, for the other. */
class Lane {
  readonly #queue: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #isDiscarded = false;
  #senderFailure: ArchiveError | undefined;
  #receiverFailure: ArchiveError | undefined;
  #moved = Promise.withResolvers<void>();

  get isOver(): boolean {
    return this.#ended && this.#queue.length === 0;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  async push(message: Uint8Array, wait: (moved: Promise<void>) => Promise<void>): Promise<void> {
    if (this.#senderFailure !== undefined) throw this.#senderFailure;
    if (this.#ended) throw new RangeError('this side of the stream has ended');
    if (this.#isDiscarded) return;
    this.#queue.push(Uint8Array.from(message));
    this.#bytes += message.length;
    this.#stir();
    while (this.#bytes > WINDOW_BYTES && this.#senderFailure === undefined) {
      await wait(this.#moved.promise);
    }
    if (this.#senderFailure !== undefined) throw this.#senderFailure;
  }

  async pull(wait: (moved: Promise<void>) => Promise<void>): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#receiverFailure !== undefined) throw this.#receiverFailure;
      const message = this.#queue.shift();
      if (message !== undefined) {
        this.#bytes -= message.length;
        this.#stir();
        return message;
      }
      if (this.#ended) return undefined;
      await wait(this.#moved.promise);
    }
  }

  end(): void {
    if (this.#senderFailure !== undefined) throw this.#senderFailure;
    this.#ended = true;
    this.#stir();
  }

  /** From now on what arrives is thrown away. */
  discard(): void {
    this.#isDiscarded = true;
    this.#bytes = 0;
    this.#queue.length = 0;
    this.#stir();
  }

  fail(senderFailure: ArchiveError, receiverFailure: ArchiveError): void {
    this.#senderFailure ??= senderFailure;
    this.#receiverFailure ??= receiverFailure;
    this.#queue.length = 0;
    this.#stir();
  }

  #stir(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}

export interface MemoryStreamEvents {
  onSent(byteLength: number): void;
  onReceived(byteLength: number): void;
  /** Called once, with what it failed with unless both sides ended it. */
  onOver(failure: ArchiveError | undefined): void;
}

/** One side of a stream between two nodes of one process. */
export class MemoryStream implements PeerStream {
  readonly peer: Did;
  readonly messages: AsyncIterable<Uint8Array>;
  readonly #protocol: Protocol;
  readonly #events: MemoryStreamEvents;
  #in = new Lane();
  #out = new Lane();
  #other: MemoryStream | undefined;
  #isOver = false;

  constructor(peer: Did, protocol: Protocol, events: MemoryStreamEvents) {
    this.peer = peer;
    this.#protocol = protocol;
    this.#events = events;
    this.messages = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const value = await this.receive();
          return value === undefined ? { done: true, value } : { done: false, value };
        },
      }),
    };
  }

  static join(one: MemoryStream, other: MemoryStream): void {
    one.#other = other;
    other.#other = one;
    other.#in = one.#out;
    other.#out = one.#in;
  }

  send(message: Uint8Array): Promise<void> {
    const sent = this.#send(message);
    sent.catch(() => {});
    return sent;
  }

  receive(): Promise<Uint8Array | undefined> {
    const received = this.#receive();
    received.catch(() => {});
    return received;
  }

  async #receive(): Promise<Uint8Array | undefined> {
    const message = await this.#in.pull((moved) => this.#wait(moved));
    if (message !== undefined) this.#events.onReceived(message.length);
    this.#settle();
    return message;
  }

  async end(): Promise<void> {
    this.#out.end();
    this.#settleBoth();
  }

  abort(reason: ArchiveError): void {
    this.#fail(reason, gone('the peer dropped the stream'));
  }

  /** What the network itself does when the connection is gone. */
  lose(): void {
    this.#fail(gone('the connection is gone'), gone('the connection is gone'));
  }

  /** Ends this side and throws away what the other still sends. */
  finish(): void {
    if (this.#isOver) return;
    this.#out.end();
    this.#in.discard();
    this.#settleBoth();
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    if (this.#out.hasEnded) this.#in.discard();
    else this.abort(new ArchiveError('aborted', 'the stream was given up', { retryable: true }));
  }

  async #send(message: Uint8Array): Promise<void> {
    const { name, maxMessageBytes } = this.#protocol;
    if (message.length > maxMessageBytes) {
      throw new RangeError(`a message of ${name} has at most ${maxMessageBytes} bytes`);
    }
    const sent = this.#out.push(message, (moved) => this.#wait(moved));
    this.#events.onSent(message.length);
    const other = this.#other;
    const bound = other === undefined ? 0 : other.#protocol.maxMessageBytes;
    if (message.length > bound) {
      other?.abort(new ArchiveError('peer_invalid', `a message has more than ${bound} bytes`));
    }
    await sent;
  }

  #fail(mine: ArchiveError, theirs: ArchiveError): void {
    if (this.#isOver) return;
    this.#out.fail(mine, theirs);
    this.#in.fail(theirs, mine);
    this.#over(mine);
    const other = this.#other;
    if (other !== undefined) other.#over(theirs);
  }

  #settle(): void {
    if (this.#in.isOver && this.#out.hasEnded) this.#over(undefined);
  }

  #settleBoth(): void {
    this.#settle();
    const other = this.#other;
    if (other !== undefined) other.#settle();
  }

  #over(failure: ArchiveError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onOver(failure);
  }

  async #wait(moved: Promise<void>): Promise<void> {
    const { name, idleMs } = this.#protocol;
    const timer = setTimeout(() => {
      this.abort(new ArchiveError('peer_timeout', `${name}: nothing moved for ${idleMs} ms`));
    }, idleMs);
    try {
      await moved;
    } finally {
      clearTimeout(timer);
    }
  }
}

function gone(text: string): ArchiveError {
  return new ArchiveError('peer_unreachable', text, { retryable: true });
}
