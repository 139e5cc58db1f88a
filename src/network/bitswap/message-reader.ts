import type { Stream, StreamMessageEvent } from '@libp2p/interface';
import { ArchiveError } from '../../core/errors.ts';
import { HeldBack } from '../held-back.ts';
import { Signal } from '../signal.ts';

/** A message that has begun must come at this rate, beside the time that any may take. */
const MIN_BYTES_PER_SECOND = 16_384;

/** Bytes of the number that says how long a message is. */
const MAX_HEAD_BYTES = 4;

/** A message, in memory until it is disposed of. */
interface Incoming extends Disposable {
  readonly bytes: Uint8Array;
}

/** Nobody is timed out between messages. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * Messages with their length before them, from one stream. What nobody has asked for is left in the
 * peer's window; of a message nothing is gathered before `admit` has found room for it.
 */
export class MessageReader {
  readonly #stream: Stream;
  readonly #graceMs: number;
  readonly #heldBack: HeldBack;
  readonly #arrived = new Signal();
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  #neededBytes = 1;
  #isOver = false;

  /** Takes a stream that nobody has read from. */
  constructor(stream: Stream, graceMs: number) {
    this.#stream = stream;
    this.#graceMs = graceMs;
    this.#heldBack = new HeldBack(stream, () => this.#heldBytes >= this.#neededBytes);
    stream.addEventListener('message', (event) => this.#onData(event));
    stream.addEventListener('remoteCloseWrite', () => this.#onOver());
    stream.addEventListener('close', () => this.#onOver());
    if (stream.remoteWriteStatus === 'closed' || stream.status !== 'open') this.#onOver();
  }

  /**
   * Returns the next message, undefined when the peer has ended or the stream is gone. `admit` is told
   * of its length first: it waits until there is room, or throws, and what it returns is disposed of
   * with the message.
   *
   * @throws {ArchiveError} `peer_invalid` if it is none; `peer_timeout` if it comes too slowly.
   */
  async next(admit: (byteLength: number) => Promise<Disposable>): Promise<Incoming | undefined> {
    const first = await this.#take(1, FOR_EVER_MS);
    if (first === undefined) return undefined;
    const byteLength = await this.#readLength(first);
    using room = new DisposableStack();
    room.use(await admit(byteLength));
    const withinMs = this.#graceMs + (byteLength / MIN_BYTES_PER_SECOND) * 1_000;
    const bytes = (await this.#take(byteLength, withinMs)) ?? cutOff();
    const held = room.move();
    return { bytes, [Symbol.dispose]: () => held.dispose() };
  }

  async #readLength(first: Uint8Array): Promise<number> {
    let value = 0;
    let [byte = 0] = first;
    for (let place = 0; place < MAX_HEAD_BYTES; place += 1) {
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
      [byte = 0] = (await this.#take(1, this.#graceMs)) ?? cutOff();
    }
    throw new ArchiveError('peer_invalid', 'a message begins without a sound length');
  }

  /** Returns so many bytes, undefined if the stream is over before. */
  async #take(byteLength: number, withinMs: number): Promise<Uint8Array | undefined> {
    const until = performance.now() + withinMs;
    this.#neededBytes = byteLength;
    while (this.#heldBytes < byteLength) {
      const seen = this.#arrived.fired;
      if (!this.#heldBack.resume()) this.#isOver = true;
      if (this.#heldBytes >= byteLength) break;
      // What a stream that is gone still holds cannot be had once it is not paused.
      if (this.#isOver && this.#stream.readStatus !== 'paused') return undefined;
      const leftMs = until - performance.now();
      if (leftMs <= 0) throw new ArchiveError('peer_timeout', 'a message comes too slowly');
      await this.#arrived.wait(leftMs, seen);
    }
    const held = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    const bytes = held ?? new Uint8Array();
    const rest = bytes.subarray(byteLength);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#heldBytes = rest.length;
    return bytes.subarray(0, byteLength);
  }

  #onData({ data }: StreamMessageEvent): void {
    for (const piece of data instanceof Uint8Array ? [data] : data) {
      this.#pieces.push(piece);
      this.#heldBytes += piece.length;
    }
    this.#heldBack.pauseIfEnough();
    this.#arrived.fire();
  }

  #onOver(): void {
    this.#isOver = true;
    this.#arrived.fire();
  }
}

function cutOff(): never {
  throw new ArchiveError('peer_invalid', 'the peer ended in the middle of a message');
}
