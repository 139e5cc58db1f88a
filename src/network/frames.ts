import { ArchiveError } from '../core/errors.ts';
import { release } from './release.ts';

/**
 * How conversations are cut into frames: one byte of kind, four bytes of length (big-endian), then so
 * many bytes. The side that was called begins with `welcome` or `refused`; each side ends with `end`,
 * so that a stream that was cut off is never taken for one that was finished.
 */
export const FRAME = { message: 0, welcome: 1, refused: 2, end: 3 } as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

interface Frame {
  readonly kind: FrameKind;
  readonly body: Uint8Array;
}

const HEADER_BYTES = 5;

/** The words of a refusal. */
export const MAX_REFUSAL_BYTES = 512;

/** Shorter pieces are put together in one buffer, so that a peer that sends single bytes costs no more than they. */
const SMALL_BYTES = 1_024;
const GATHERED_BYTES = 16_384;

/** Shorter bodies are copied, so that keeping one does not keep the packet it came in. */
const COPIED_BYTES = 16_384;

export function frameHeader(kind: FrameKind, byteLength: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, byteLength);
  return header;
}

/** Puts frames together again from pieces of any length. */
export class FrameReader {
  readonly #maxMessageBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #buffered = 0;
  #next: { readonly kind: FrameKind; readonly byteLength: number } | undefined;
  /** Where small pieces are gathered; its used part ends with the last piece, if that is a view of it. */
  #gathered = new Uint8Array();
  #gatheredBytes = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Bytes that came and are in no frame yet. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** Bytes of the frame whose header has been read, 0 if none has. */
  get announcedBytes(): number {
    return this.#next?.byteLength ?? 0;
  }

  get isBetweenFrames(): boolean {
    return this.#buffered === 0 && this.#next === undefined;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#buffered += piece.length;
    if (piece.length < SMALL_BYTES) this.#gather(piece);
    else this.#pieces.push(piece);
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#buffered = 0;
    this.#next = undefined;
    this.#gathered = new Uint8Array();
    this.#gatheredBytes = 0;
  }

  /**
   * Returns the next frame, undefined until all of it is here. A body that came in several pieces is
   * put together in `into`, if that is long enough.
   *
   * @throws {ArchiveError} `peer_invalid` for a kind that there is not, and for a length beyond the
   * bound, as soon as the header is read.
   */
  next(into?: Uint8Array): Frame | undefined {
    if (this.#next === undefined) {
      if (this.#buffered < HEADER_BYTES) return undefined;
      this.#next = this.#readHeader();
    }
    const { kind, byteLength } = this.#next;
    if (this.#buffered < byteLength) return undefined;
    this.#next = undefined;
    return { kind, body: this.#take(byteLength, into) };
  }

  #gather(piece: Uint8Array): void {
    const from = this.#gatheredBytes;
    const last = this.#pieces.at(-1);
    if (from + piece.length > this.#gathered.length) {
      this.#gathered = new Uint8Array(GATHERED_BYTES);
      this.#gathered.set(piece);
      this.#gatheredBytes = piece.length;
      this.#pieces.push(this.#gathered.subarray(0, piece.length));
      return;
    }
    this.#gathered.set(piece, from);
    this.#gatheredBytes = from + piece.length;
    const isLast = last?.buffer === this.#gathered.buffer;
    const start = isLast ? last.byteOffset : from;
    const view = this.#gathered.subarray(start, this.#gatheredBytes);
    if (isLast) this.#pieces[this.#pieces.length - 1] = view;
    else this.#pieces.push(view);
  }

  #readHeader(): { readonly kind: FrameKind; readonly byteLength: number } {
    const header = this.#take(HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const kind = view.getUint8(0);
    const byteLength = view.getUint32(1);
    if (!isKind(kind)) throw new ArchiveError('peer_invalid', `there is no frame of kind ${kind}`);
    const bound = this.#boundOf(kind);
    if (byteLength > bound) {
      const text = `a frame of ${byteLength} bytes is announced where ${bound} are allowed`;
      throw new ArchiveError('peer_invalid', text);
    }
    return { kind, byteLength };
  }

  #boundOf(kind: FrameKind): number {
    if (kind === FRAME.message) return this.#maxMessageBytes;
    return kind === FRAME.refused ? MAX_REFUSAL_BYTES : 0;
  }

  #take(byteLength: number, into?: Uint8Array): Uint8Array {
    this.#buffered -= byteLength;
    const [first] = this.#pieces;
    if (first === undefined || byteLength === 0) return new Uint8Array();
    if (first.length > byteLength) {
      this.#pieces[0] = first.subarray(byteLength);
      const taken = first.subarray(0, byteLength);
      return byteLength < COPIED_BYTES ? taken.slice() : taken;
    }
    if (first.length === byteLength) {
      this.#pieces.shift();
      return first.buffer === this.#gathered.buffer ? first.slice() : first;
    }
    const hasPlace = into !== undefined && into.length >= byteLength;
    const body = hasPlace ? into.subarray(0, byteLength) : new Uint8Array(byteLength);
    let filled = 0;
    let used = 0;
    for (const piece of this.#pieces) {
      const part = piece.subarray(0, byteLength - filled);
      body.set(part, filled);
      filled += part.length;
      if (part.length < piece.length) {
        this.#pieces[used] = piece.subarray(part.length);
        break;
      }
      used++;
      // One that is part of a larger one may have neighbours that belong to other streams.
      if (piece.length === piece.buffer.byteLength) release(piece);
      if (filled === byteLength) break;
    }
    this.#pieces.splice(0, used);
    return body;
  }
}

function isKind(value: number): value is FrameKind {
  return value <= FRAME.end;
}
