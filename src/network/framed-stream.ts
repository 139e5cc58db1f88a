import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { PeerStream, Protocol } from '../core/ports/network.ts';
import { FRAME, type FrameKind, FrameReader, frameHeader, MAX_REFUSAL_BYTES } from './frames.ts';
import { HeldBack } from './held-back.ts';
import { Signal } from './signal.ts';

/** Bytes taken from the connection ahead of the reader; then the peer's window is left to run out. */
const READ_AHEAD_BYTES = 256 * 1_024;

/** A frame that has begun must come at this rate, or it is a peer that holds the stream with drops. */
const MIN_BYTES_PER_SECOND = 4_096;

/** Header and body of shorter frames go out as one piece. */
const JOINED_BYTES = 16_384;

/** How long a peer may take to end what nobody reads any more. */
const LINGER_MS = 5_000;

interface StreamWatch {
  /** Returns the milliseconds to wait before a message of so many bytes is handed on. */
  onMessage(byteLength: number): number;
  onBytes(direction: 'received' | 'sent', byteLength: number): void;
  /** Called once, with what it failed with unless both sides ended it. */
  onOver(failure: ArchiveError | undefined): void;
}

/** Whole messages over one libp2p stream. */
export class FramedStream implements PeerStream {
  readonly peer: Did;
  readonly protocol: Protocol;
  readonly messages: AsyncIterable<Uint8Array>;
  readonly #stream: Stream;
  readonly #watch: StreamWatch;
  readonly #reader: FrameReader;
  readonly #heldBack: HeldBack;
  readonly #gone = new AbortController();
  readonly #readable = new Signal();
  readonly #writable = new Signal();
  #failure: ArchiveError | undefined;
  #isOver = false;
  #hasEnded = false;
  #peerHasEnded = false;
  /** The peer will send nothing more, whether it said so or not. */
  #isCut = false;
  #isDiscarding = false;
  #lingering: NodeJS.Timeout | undefined;
  /** Milliseconds this side has waited for the frame that has begun. */
  #waitedForFrameMs = 0;

  constructor(stream: Stream, peer: Did, protocol: Protocol, watch: StreamWatch) {
    this.peer = peer;
    this.protocol = protocol;
    this.#stream = stream;
    this.#watch = watch;
    this.#reader = new FrameReader(protocol.maxMessageBytes);
    this.#heldBack = new HeldBack(stream, () => this.#isFull);
    this.messages = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const value = await this.receive();
          return value === undefined ? { done: true, value } : { done: false, value };
        },
      }),
    };
    stream.addEventListener('message', (event) => this.#onData(event));
    stream.addEventListener('close', (event) => this.#onClose(event));
    stream.addEventListener('remoteCloseWrite', () => this.#onCut());
    stream.addEventListener('drain', () => this.#writable.fire());
    stream.addEventListener('idle', () => this.#writable.fire());
    if (stream.remoteWriteStatus === 'closed') this.#onCut();
    if (stream.status !== 'open') this.#fail(gone('the connection is gone'));
  }

  /** Fires when the stream is gone for another reason than that both sides ended it. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Tells the peer that its call is answered. */
  welcome(): void {
    this.#write(FRAME.welcome, new Uint8Array());
  }

  /** Tells the peer why its call is not answered, and hangs up. */
  async refuse(reason: string): Promise<void> {
    const words = new TextEncoder().encode(reason).subarray(0, MAX_REFUSAL_BYTES);
    this.#write(FRAME.refused, words);
    await this.finish();
  }

  /** Waits until the peer has answered the call. @throws {ArchiveError} `peer_refused` if it has not. */
  async greeting(): Promise<void> {
    const frame = await this.#frame();
    if (frame?.kind === FRAME.welcome) return;
    if (frame?.kind === FRAME.refused) {
      void this.finish();
      throw new ArchiveError('peer_refused', refusalOf(frame.body));
    }
    const error = new ArchiveError('peer_invalid', 'the peer answers without a greeting');
    this.abort(error);
    throw error;
  }

  send(message: Uint8Array): Promise<void> {
    return quiet(this.#send(message));
  }

  receive(into?: Uint8Array): Promise<Uint8Array | undefined> {
    return quiet(this.#receive(into));
  }

  end(): Promise<void> {
    return quiet(this.#end());
  }

  abort(reason: ArchiveError): void {
    this.#fail(reason);
  }

  /** Ends this side; what the peer still sends is thrown away, for so long as that is bearable. */
  async finish(): Promise<void> {
    if (this.#isOver) return;
    this.#discard();
    await this.end().catch(() => {});
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    if (this.#hasEnded) this.#discard();
    else this.abort(new ArchiveError('aborted', 'the stream was given up', { retryable: true }));
  }

  async #send(message: Uint8Array): Promise<void> {
    const { name, maxMessageBytes } = this.protocol;
    if (message.length > maxMessageBytes) {
      throw new RangeError(`a message of ${name} has at most ${maxMessageBytes} bytes`);
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#hasEnded) throw new RangeError('this side of the stream has ended');
    this.#write(FRAME.message, message);
    await this.#untilSent();
  }

  async #end(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#write(FRAME.end, new Uint8Array());
    await this.#untilSent();
    try {
      await this.#stream.close({ signal: AbortSignal.timeout(this.protocol.idleMs) });
    } catch (cause) {
      this.#fail(gone('the stream could not be ended', cause));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #receive(into?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#peerHasEnded) return undefined;
    const frame = await this.#frame(into);
    if (frame === undefined) return undefined;
    if (frame.kind !== FRAME.message) {
      this.abort(new ArchiveError('peer_invalid', `a frame of kind ${frame.kind} out of place`));
      throw this.#failure;
    }
    const waitMs = this.#watch.onMessage(frame.body.length);
    // A burst of small messages, each answered at once, would keep everybody else waiting for seconds.
    if (waitMs <= 0) await setImmediate();
    else await delay(waitMs, undefined, { signal: this.signal }).catch(() => {});
    if (this.#failure !== undefined) throw this.#failure;
    return frame.body;
  }

  /** Returns the next frame, undefined at the end of what the peer has to say. */
  async #frame(
    into?: Uint8Array,
  ): Promise<{ readonly kind: FrameKind; readonly body: Uint8Array } | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      // Resuming may bring what was held back at once.
      const seen = this.#readable.fired;
      const frame = this.#nextFrame(into);
      if (frame?.kind === FRAME.end) {
        this.#peerHasEnded = true;
        return undefined;
      }
      if (frame !== undefined) return frame;
      this.#resume();
      if (this.#readable.fired !== seen) continue;
      if (this.#isCut && this.#stream.readBufferLength === 0) this.#fail(cutOff(this.#reader));
      else await this.#untilReadable(seen);
    }
  }

  #nextFrame(into: Uint8Array | undefined) {
    try {
      const frame = this.#reader.next(into);
      if (frame !== undefined) this.#waitedForFrameMs = 0;
      if (this.#reader.bufferedBytes < READ_AHEAD_BYTES / 2) this.#resume();
      return frame;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#fail(error);
      throw error;
    }
  }

  async #untilReadable(seen: number): Promise<void> {
    const { idleMs, name } = this.protocol;
    const { announcedBytes, isBetweenFrames } = this.#reader;
    const started = performance.now();
    const frameMs = idleMs + (announcedBytes / MIN_BYTES_PER_SECOND) * 1_000;
    const waitMs = Math.min(idleMs, frameMs - this.#waitedForFrameMs);
    const moved = await this.#readable.wait(waitMs, seen);
    if (!isBetweenFrames) this.#waitedForFrameMs += performance.now() - started;
    if (moved && this.#waitedForFrameMs < frameMs) return;
    const what = isBetweenFrames ? 'nothing came' : 'a message was begun and not sent to its end';
    this.#fail(new ArchiveError('peer_timeout', `${name}: ${what} in time`, { retryable: true }));
  }

  /** Waits until the connection has taken everything, and keeps none of the bytes it was given. */
  async #untilSent(): Promise<void> {
    const { idleMs, name } = this.protocol;
    let waiting = this.#stream.writeBufferLength;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const { writeBufferLength, writableNeedsDrain } = this.#stream;
      if (writeBufferLength === 0 && !writableNeedsDrain) return;
      const moved = await this.#writable.wait(idleMs);
      if (moved || this.#stream.writeBufferLength < waiting) {
        waiting = this.#stream.writeBufferLength;
      } else {
        const text = `${name}: the peer takes nothing`;
        this.#fail(new ArchiveError('peer_timeout', text, { retryable: true }));
      }
    }
  }

  #write(kind: FrameKind, body: Uint8Array): void {
    const header = frameHeader(kind, body.length);
    try {
      if (header.length + body.length <= JOINED_BYTES) {
        const joined = new Uint8Array(header.length + body.length);
        joined.set(header);
        joined.set(body, header.length);
        this.#stream.send(joined);
      } else {
        this.#stream.send(header);
        this.#stream.send(body);
      }
    } catch (cause) {
      this.#fail(gone('the connection is gone', cause));
      return;
    }
    this.#watch.onBytes('sent', header.length + body.length);
  }

  #onData({ data }: StreamMessageEvent): void {
    this.#watch.onBytes('received', data.byteLength);
    if (this.#isDiscarding) return;
    for (const piece of data instanceof Uint8Array ? [data] : data) this.#reader.push(piece);
    this.#heldBack.pauseIfEnough();
    this.#readable.fire();
  }

  #onCut(): void {
    this.#isCut = true;
    this.#readable.fire();
  }

  #onClose({ error, local }: StreamCloseEvent): void {
    if (error !== undefined && local !== true) {
      this.#fail(gone('the peer dropped the stream', error));
      return;
    }
    if (error !== undefined) {
      this.#fail(gone('the connection is gone', error));
      return;
    }
    this.#isCut = true;
    if (!this.#hasEnded) this.#fail(gone('the connection is gone'));
    this.#readable.fire();
    this.#writable.fire();
    this.#over(undefined);
  }

  #fail(reason: ArchiveError): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#reader.clear();
    this.#stream.abort(reason);
    this.#over(this.#isDiscarding ? undefined : reason);
    this.#readable.fire();
    this.#writable.fire();
  }

  #over(failure: ArchiveError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#lingering);
    if (failure !== undefined) this.#gone.abort(failure);
    this.#watch.onOver(failure);
  }

  #discard(): void {
    if (this.#isDiscarding) return;
    this.#isDiscarding = true;
    this.#reader.clear();
    this.#resume();
    this.#lingering = setTimeout(
      () => this.#fail(gone('the peer does not end the stream')),
      LINGER_MS,
    );
    this.#lingering.unref();
  }

  #resume(): void {
    if (!this.#heldBack.resume()) this.#isCut = true;
  }

  get #isFull(): boolean {
    const { bufferedBytes, announcedBytes } = this.#reader;
    return bufferedBytes >= READ_AHEAD_BYTES + announcedBytes;
  }
}

/** What nobody awaits must not end the process. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function gone(text: string, cause?: unknown): ArchiveError {
  return new ArchiveError('peer_unreachable', text, { cause, retryable: true });
}

function cutOff(reader: FrameReader): ArchiveError {
  return reader.isBetweenFrames
    ? gone('the peer went away before it had ended')
    : new ArchiveError('peer_invalid', 'the peer ended in the middle of a message');
}

function refusalOf(body: Uint8Array): string {
  return new TextDecoder().decode(body).replace(/\p{C}/gu, '?');
}
