import { hash } from 'node:crypto';
import { read } from 'node:fs';
import { promisify } from 'node:util';
import { throwIfAborted } from '../../core/abort.ts';
import {
  type FrameHead,
  MAX_BLOCK_BYTES,
  MAX_FRAME_HEAD_BYTES,
  readFrameHead,
} from './pack-format.ts';

const readAsync = promisify(read);

/** A block as a scan meets it. Offsets are bytes from the start of the file. */
export interface ScannedBlock {
  readonly kind: 'block';
  readonly start: number;
  readonly end: number;
  /** Of the block's bytes. */
  readonly offset: number;
  readonly codec: number;
  readonly digest: Uint8Array;
  /** The block's bytes; like the digest valid until the scan goes on. */
  readonly bytes: Uint8Array;
  /** Whether the bytes have the digest that the frame names. */
  readonly isIntact: boolean;
}

/** What a scan meets, in the order of the pack. `garbage` are bytes that are no frame. */
export type ScannedFrame =
  | ScannedBlock
  | {
      readonly kind: 'mark';
      readonly start: number;
      readonly end: number;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'garbage'; readonly start: number; readonly end: number };

/** Twice the greatest frame, so that a whole one fits behind any that was begun. */
const WINDOW_BYTES = 2 * (MAX_BLOCK_BYTES + MAX_FRAME_HEAD_BYTES);

/**
 * Reads the frames of a pack from `start` to `end`, hashing every block.
 *
 * After damage it looks for the next block whose bytes match its CID and goes on there, so that one
 * broken length does not hide what follows. A block with broken bytes is reported as such where the
 * next frame begins right behind it.
 */
export async function* scanPack(
  fd: number,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<ScannedFrame> {
  const window = new PackWindow(fd, end);
  let at = start;
  while (at < end) {
    throwIfAborted(signal);
    const frame = await frameAt(window, at);
    if (frame !== undefined) {
      yield frame;
      at = frame.end;
    } else {
      const next = await findIntactBlock(window, at + 1, signal);
      yield { kind: 'garbage', start: at, end: next };
      at = next;
    }
  }
}

/** Returns the frame at this offset; undefined if there is none, or its length cannot be trusted. */
async function frameAt(window: PackWindow, start: number): Promise<ScannedFrame | undefined> {
  const begun = readFrameHead(await window.from(start, MAX_FRAME_HEAD_BYTES), 0);
  if (begun === undefined) return undefined;
  const length = begun.dataOffset + begun.dataLength;
  const frame = await window.from(start, length + MAX_FRAME_HEAD_BYTES);
  // Read again: the window may have moved, and with it what the first head looks at.
  const head = readFrameHead(frame, 0);
  if (head === undefined || frame.length < length) return undefined;
  const end = start + length;
  const data = frame.subarray(head.dataOffset, length);
  if (head.isMark) {
    return Buffer.compare(head.digest, data) === 0
      ? { kind: 'mark', start, end, payload: data }
      : undefined;
  }
  const isIntact = matches(head, data);
  // Broken bytes or a broken length? If a frame follows, the length was right.
  const isFollowed = frame.length === length || readFrameHead(frame, length) !== undefined;
  if (!isIntact && !isFollowed) return undefined;
  const { codec, digest, dataOffset } = head;
  return {
    kind: 'block',
    start,
    end,
    offset: start + dataOffset,
    codec,
    digest,
    bytes: data,
    isIntact,
  };
}

/** The bytes of a CID that are the same for all blocks of the usual codecs. */
const CID_PREFIXES = [0x55, 0x70, 0x71].map((codec) => Buffer.of(0x01, codec, 0x12, 0x20));

/** Returns where the next block whose bytes match its CID begins, or the end of the pack. */
async function findIntactBlock(
  window: PackWindow,
  start: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let at = start;
  while (at < window.end) {
    throwIfAborted(signal);
    const bytes = await window.from(at, WINDOW_BYTES / 2);
    for (const candidate of candidatesIn(bytes)) {
      const frame = await frameAt(window, at + candidate);
      if (frame?.kind === 'block' && frame.isIntact) return frame.start;
    }
    // A head that the window cut in two is found by the next one.
    at += Math.max(1, bytes.length - MAX_FRAME_HEAD_BYTES);
  }
  return window.end;
}

/** Returns the offsets where the head of a frame could begin, ascending. */
function candidatesIn(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (const prefix of CID_PREFIXES) {
    for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + 1)) {
      for (let start = Math.max(0, at - 4); start < at; start += 1) {
        if (readFrameHead(bytes, start) !== undefined) offsets.push(start);
      }
    }
  }
  return offsets.sort((a, b) => a - b);
}

function matches(head: FrameHead, data: Uint8Array): boolean {
  return Buffer.compare(hash('sha256', data, 'buffer'), head.digest) === 0;
}

/** A view that moves over the file, so that most requests cost no read. */
class PackWindow {
  readonly end: number;
  readonly #fd: number;
  readonly #buffer: Buffer;
  #start = 0;
  #length = 0;

  constructor(fd: number, end: number) {
    this.#fd = fd;
    this.end = end;
    this.#buffer = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, end));
  }

  /** Returns the bytes at an offset, fewer than `length` only at the end; valid until the next call. */
  async from(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.min(length, this.end - offset);
    if (offset < this.#start || offset + wanted > this.#start + this.#length) {
      await this.#fill(offset);
    }
    const at = offset - this.#start;
    return this.#buffer.subarray(at, Math.min(at + wanted, this.#length));
  }

  async #fill(offset: number): Promise<void> {
    const wanted = Math.min(WINDOW_BYTES, this.end - offset);
    let length = 0;
    while (length < wanted) {
      const { bytesRead } = await readAsync(
        this.#fd,
        this.#buffer,
        length,
        wanted - length,
        offset + length,
      );
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    this.#start = offset;
    this.#length = length;
  }
}
