import type { FileHandle } from 'node:fs/promises';
import { decode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { MAX_BLOCK_BYTES, MAX_FRAME_HEAD_BYTES } from '../packs/pack-format.ts';

/** A CAR file that was begun to be read: its roots, and its blocks in order, unverified. */
export interface OpenedCar {
  readonly roots: readonly CID[];
  /** Where the first block begins. */
  readonly start: number;
  blocks(): AsyncGenerator<CarBlock>;
}

/** A block as the file has it; valid until the next one is asked for. */
export interface CarBlock {
  readonly cid: CID;
  readonly bytes: Uint8Array;
  /** Of its frame, in the file. */
  readonly end: number;
}

const MAX_HEADER_BYTES = 1_048_576;
const WINDOW_BYTES = 4_194_304;
const V2_HEADER_BYTES = 51;

const header = z.union([
  z.object({ version: z.literal(1), roots: z.array(z.unknown()) }),
  z.object({ version: z.literal(2) }),
]);

/**
 * Begins to read a CAR file, version 1 or 2 (https://ipld.io/specs/transport/car/). Of version 2 the
 * index is not looked at. Holds 4 MiB of the file at most.
 *
 * @throws {ArchiveError} `input_invalid`.
 */
export async function readCar(file: FileHandle): Promise<OpenedCar> {
  const { size } = await file.stat();
  const window = new FileWindow(file, size);
  const first = await readHeader(window, 0);
  if (first.version === 1) return opened(window, first.roots, first.end);
  const fields = await window.at(0, V2_HEADER_BYTES);
  if (fields.length < V2_HEADER_BYTES) throw invalid('it ends within its header');
  const view = new DataView(fields.buffer, fields.byteOffset, fields.length);
  const start = view.getBigUint64(27, true);
  const length = view.getBigUint64(35, true);
  if (start < BigInt(V2_HEADER_BYTES) || start + length > BigInt(size)) {
    throw invalid('its header names a part that is not there');
  }
  window.end = Number(start + length);
  const inner = await readHeader(window, Number(start));
  if (inner.version !== 1) throw invalid('it holds a file of another version than 1');
  return opened(window, inner.roots, inner.end);
}

function opened(window: FileWindow, roots: readonly unknown[], start: number): OpenedCar {
  const cids = roots.map((root) => {
    const cid = CID.asCID(root);
    if (cid === null) throw invalid('a root is no CID');
    return cid;
  });
  return { roots: cids, start, blocks: () => framesOf(window, start) };
}

async function* framesOf(window: FileWindow, start: number): AsyncGenerator<CarBlock> {
  for (let at = start; at < window.end; ) {
    const { value: length, end: begin } = readVarint(await window.at(at, 9), at);
    const end = begin + length;
    if (length === 0 || end > window.end) throw invalid(`the block at byte ${at} is cut off`);
    if (length > MAX_BLOCK_BYTES + MAX_FRAME_HEAD_BYTES) {
      throw invalid(
        `the block at byte ${at} is larger than the ${MAX_BLOCK_BYTES} bytes one may have`,
      );
    }
    const [cid, bytes] = cidAndBytes(await window.at(begin, length), at);
    yield { cid, bytes, end };
    at = end;
  }
}

function cidAndBytes(frame: Uint8Array, at: number): [CID, Uint8Array] {
  try {
    return CID.decodeFirst(frame);
  } catch (cause) {
    throw invalid(`the block at byte ${at} has no CID`, cause);
  }
}

type Header =
  | { readonly version: 1; readonly roots: readonly unknown[]; readonly end: number }
  | { readonly version: 2 };

async function readHeader(window: FileWindow, at: number): Promise<Header> {
  const { value: length, end: begin } = readVarint(await window.at(at, 9), at);
  const end = begin + length;
  if (length === 0 || length > MAX_HEADER_BYTES || end > window.end)
    throw invalid('it has no header');
  let value: unknown;
  try {
    value = decode(await window.at(begin, length));
  } catch (cause) {
    throw invalid('its header cannot be read', cause);
  }
  const read = header.safeParse(value);
  if (!read.success) throw invalid('its header is of no version that is known here');
  return read.data.version === 1 ? { ...read.data, end } : read.data;
}

function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (const [place, byte] of bytes.entries()) {
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80 && Number.isSafeInteger(value)) return { value, end: at + place + 1 };
  }
  throw invalid(`there is no length at byte ${at}`);
}

/** A part of a file in memory, moved along as it is read. */
class FileWindow {
  /** Nothing behind it is read. */
  end: number;
  readonly #file: FileHandle;
  readonly #buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #start = 0;
  #filled = 0;

  constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.end = end;
  }

  /** Returns the bytes from an offset, fewer at the end; valid until the next call. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.end - offset);
    const isHere = offset >= this.#start && offset + wanted <= this.#start + this.#filled;
    if (!isHere) await this.#move(offset);
    return this.#buffer.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  async #move(offset: number): Promise<void> {
    this.#start = offset;
    this.#filled = 0;
    while (this.#filled < WINDOW_BYTES) {
      const rest = WINDOW_BYTES - this.#filled;
      const { bytesRead } = await this.#file.read(
        this.#buffer,
        this.#filled,
        rest,
        offset + this.#filled,
      );
      if (bytesRead === 0) break;
      this.#filled += bytesRead;
    }
  }
}

function invalid(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('input_invalid', `this is not a CAR file that can be read: ${why}`, {
    cause,
  });
}
