import type { Connection, Stream } from '@libp2p/interface';
import { ArchiveError } from '../../core/errors.ts';
import { encodeNumber } from '../protobuf.ts';
import { Signal } from '../signal.ts';

export const BITSWAP = '/ipfs/bitswap/1.2.0';

/** A message must go out at this rate, beside the time that any may take. */
const MIN_BYTES_PER_SECOND = 16_384;

interface OutboxParts {
  /** Returns the connection that is used now. @throws {ArchiveError} `peer_unreachable`. */
  readonly connection: () => Connection;
  readonly graceMs: number;
  readonly onSent: (byteLength: number) => void;
}

/**
 * Messages to one peer, one after the other, each on its way before the next is begun. A stream is
 * opened when there is something to send, and ended when there is nothing more: the other side answers
 * with streams of its own.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #stream: Stream | undefined;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the connection has taken all of the message.
   *
   * @throws {ArchiveError} `peer_unreachable`, `peer_refused` if the peer speaks no bitswap,
   * `peer_timeout` if it takes the message too slowly.
   */
  send(message: Uint8Array): Promise<void> {
    this.#waiting += 1;
    const sent = this.#last.then(() => this.#send(message));
    this.#last = sent.catch(() => {}).then(() => this.#settle());
    return sent;
  }

  async #send(message: Uint8Array): Promise<void> {
    const stream = await this.#open();
    const { onSent, graceMs } = this.#parts;
    const withinMs = graceMs + (message.length / MIN_BYTES_PER_SECOND) * 1_000;
    try {
      stream.send(encodeNumber(message.length));
      stream.send(message);
      onSent(message.length);
      await untilTaken(stream, withinMs);
    } catch (cause) {
      this.#stream = undefined;
      const error = cause instanceof ArchiveError ? cause : unreachable(cause);
      stream.abort(error);
      throw error;
    }
  }

  async #open(): Promise<Stream> {
    if (this.#stream?.writeStatus === 'writable') return this.#stream;
    const stream = await this.#parts.connection().newStream(BITSWAP, {
      signal: AbortSignal.timeout(this.#parts.graceMs),
      maxOutboundStreams: Number.MAX_SAFE_INTEGER,
    });
    // Whatever the peer says on it is not for us.
    stream.closeRead({ signal: AbortSignal.timeout(this.#parts.graceMs) }).catch(() => {});
    this.#stream = stream;
    return stream;
  }

  async #settle(): Promise<void> {
    this.#waiting -= 1;
    const stream = this.#stream;
    if (this.#waiting > 0 || stream === undefined) return;
    this.#stream = undefined;
    try {
      await stream.close({ signal: AbortSignal.timeout(this.#parts.graceMs) });
    } catch (cause) {
      stream.abort(unreachable(cause));
    }
  }
}

/** Waits until nothing of what was sent is left in this process. */
async function untilTaken(stream: Stream, withinMs: number): Promise<void> {
  const moved = new Signal();
  const onMove = () => moved.fire();
  for (const event of ['drain', 'idle', 'close'] as const) stream.addEventListener(event, onMove);
  try {
    const until = performance.now() + withinMs;
    while (stream.writeBufferLength > 0 || stream.writableNeedsDrain) {
      if (stream.status !== 'open') throw unreachable();
      const leftMs = until - performance.now();
      if (leftMs <= 0) throw new ArchiveError('peer_timeout', 'the peer takes nothing');
      await moved.wait(leftMs);
    }
    if (stream.status !== 'open') throw unreachable();
  } finally {
    for (const event of ['drain', 'idle', 'close'] as const) {
      stream.removeEventListener(event, onMove);
    }
  }
}

function unreachable(cause?: unknown): ArchiveError {
  return new ArchiveError('peer_unreachable', 'the connection is gone', { cause, retryable: true });
}
