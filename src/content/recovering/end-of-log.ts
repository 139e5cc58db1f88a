import { readSync } from 'node:fs';
import type { PackFiles } from '../packs/pack-files.ts';
import { MAX_FRAME_HEAD_BYTES, PACK_HEADER, readFrameHead } from '../packs/pack-format.ts';
import { scanPack } from '../packs/scan-pack.ts';
import { toStorageError } from '../storage-error.ts';
import { nextTurn } from '../turn.ts';

/** A pack that may hold more than the index knows. */
export interface LoggedPack {
  readonly id: number;
  /** Bytes that the index knows; 0 for a pack that it does not know. */
  readonly committed: number;
}

/** The last position at which a commit ended. */
export interface LogEnd {
  readonly pack: number;
  readonly length: number;
}

const HEADS_PER_TURN = 5_000;

/** A mark is a head and the same bytes again. */
const MAX_MARK_BYTES = 2 * MAX_FRAME_HEAD_BYTES;

/**
 * Returns where the last commit in these packs ended, or undefined if they hold none.
 *
 * Reads heads of frames only, which is fast over the gigabytes of a file whose storing was cut
 * short. Where that meets bytes that are no frame, an unfinished write is the usual reason; but if
 * the last pack ends with a mark, or the caller asks for it, it is damage inside of what was
 * committed, and everything is read to find the last mark behind it.
 */
export async function endOfLog(
  files: PackFiles,
  log: readonly LoggedPack[],
  isThorough: boolean,
): Promise<LogEnd | undefined> {
  const { end, isWhole } = await lastMarkByHeads(files, log);
  const lastPack = log.at(-1);
  if (isWhole || lastPack === undefined) return end;
  return isThorough || endsWithMark(files, lastPack.id) ? lastMarkByScan(files, log) : end;
}

async function lastMarkByHeads(
  files: PackFiles,
  log: readonly LoggedPack[],
): Promise<{ readonly end: LogEnd | undefined; readonly isWhole: boolean }> {
  let end: LogEnd | undefined;
  for (const { id, committed } of log) {
    const size = files.sizeOf(id);
    let heads = 0;
    for (let at = Math.max(committed, PACK_HEADER.length); at < size; ) {
      heads += 1;
      if (heads % HEADS_PER_TURN === 0) await nextTurn();
      const head = readFrameHead(readBytes(files, id, at, MAX_FRAME_HEAD_BYTES), 0);
      const next = at + (head === undefined ? 0 : head.dataOffset + head.dataLength);
      if (head === undefined || next > size) return { end, isWhole: false };
      if (head.isMark) end = { pack: id, length: next };
      at = next;
    }
  }
  return { end, isWhole: true };
}

async function lastMarkByScan(
  files: PackFiles,
  log: readonly LoggedPack[],
): Promise<LogEnd | undefined> {
  let end: LogEnd | undefined;
  for (const { id, committed } of log) {
    const start = Math.max(committed, PACK_HEADER.length);
    for await (const frame of scanPack(files.descriptor(id), start, files.sizeOf(id))) {
      if (frame.kind === 'mark') end = { pack: id, length: frame.end };
    }
  }
  return end;
}

function endsWithMark(files: PackFiles, id: number): boolean {
  const size = files.sizeOf(id);
  const bytes = readBytes(files, id, Math.max(0, size - MAX_MARK_BYTES), MAX_MARK_BYTES);
  for (let start = 0; start < bytes.length; start += 1) {
    const head = readFrameHead(bytes, start);
    const end = head && start + head.dataOffset + head.dataLength;
    if (head?.isMark && end === bytes.length) return true;
  }
  return false;
}

function readBytes(files: PackFiles, id: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    return bytes.subarray(0, readSync(files.descriptor(id), bytes, 0, length, position));
  } catch (error) {
    throw toStorageError(files.pathOf(id), error);
  }
}
