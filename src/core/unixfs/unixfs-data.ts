import { ArchiveError } from '../errors.ts';

/** `Data.DataType` of the UnixFS specification; those that a node of the archive can have. */
export const UNIXFS_TYPE = {
  raw: 0,
  directory: 1,
  file: 2,
  symlink: 4,
  shardedDirectory: 5,
} as const;

/** The UnixFS part of a dag-pb node, as far as the archive reads it. */
export interface UnixFsData {
  readonly type: number;
  /** Bytes kept in the node itself; empty where children hold them. A view into what was decoded. */
  readonly data: Uint8Array;
  readonly fileSize: number | undefined;
  /** File bytes below each link, in the links' order. */
  readonly blockSizes: readonly number[];
  /** Places per node of a sharded directory. */
  readonly fanOut: number | undefined;
}

/** Field number and wire type of the protobuf message `Data` (ipfs/specs src/unixfs.md). */
const KEY = { type: 0x08, data: 0x12, fileSize: 0x18, blockSize: 0x20, fanOut: 0x30 } as const;

/**
 * Returns the UnixFS part of a file node that has children: type, file size, sizes of the children.
 *
 * Written here because the `ipfs-unixfs` package (13.1.1) writes a broken number for every size from
 * 2 GiB up to 4 GiB, and with it a CID that depends on what was in memory before.
 */
export function encodeFileData(blockSizes: readonly number[]): {
  readonly bytes: Uint8Array;
  readonly fileSize: number;
} {
  const fileSize = blockSizes.reduce((sum, size) => sum + size, 0);
  const bytes: number[] = [];
  pushField(bytes, KEY.type, UNIXFS_TYPE.file);
  pushField(bytes, KEY.fileSize, fileSize);
  for (const size of blockSizes) pushField(bytes, KEY.blockSize, size);
  return { bytes: Uint8Array.from(bytes), fileSize };
}

/**
 * Returns what the UnixFS part of a node says. Fields that are not read here (mode, mtime, hash
 * type) are skipped.
 *
 * @throws {ArchiveError} `input_invalid` if it is not a UnixFS message.
 */
export function decodeUnixFsData(bytes: Uint8Array): UnixFsData {
  let type: number | undefined;
  let data: Uint8Array = new Uint8Array(0);
  let fileSize: number | undefined;
  let fanOut: number | undefined;
  const blockSizes: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const key = readVarint(bytes, at);
    const value = readVarint(bytes, key.end);
    at = value.end;
    const wireType = key.value & 7;
    if (wireType === 2) {
      at += value.value;
      if (at > bytes.length) throw malformed('a field ends behind the message');
      if (key.value === KEY.data) data = bytes.subarray(value.end, at);
      // Writers of other implementations may pack repeated numbers.
      if (key.value === ((KEY.blockSize & ~7) | 2)) readPacked(bytes, value.end, at, blockSizes);
    } else if (wireType !== 0) throw malformed(`wire type ${wireType}`);
    else if (key.value === KEY.type) type = value.value;
    else if (key.value === KEY.fileSize) fileSize = value.value;
    else if (key.value === KEY.blockSize) blockSizes.push(value.value);
    else if (key.value === KEY.fanOut) fanOut = value.value;
  }
  if (type === undefined) throw malformed('no type');
  return { type, data, fileSize, blockSizes, fanOut };
}

function pushField(bytes: number[], key: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ArchiveError('input_invalid', `${value} is not a size that UnixFS can hold`);
  }
  bytes.push(key);
  let rest = value;
  // Division, not shifts: shifts work on 32 bits only.
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; ; at += 1, scale *= 0x80) {
    const byte = bytes[at];
    if (byte === undefined) throw malformed('it ends inside a number');
    value += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(value)) throw malformed('a number beyond 2^53');
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function readPacked(bytes: Uint8Array, start: number, end: number, into: number[]): void {
  let at = start;
  while (at < end) {
    const { value, end: next } = readVarint(bytes, at);
    into.push(value);
    at = next;
  }
  if (at !== end) throw malformed('a packed number ends behind its field');
}

function malformed(what: string): ArchiveError {
  return new ArchiveError('input_invalid', `this is not a UnixFS node: ${what}`);
}
