import { Unreadable } from '../inspector.ts';
import { toBuffer } from './bytes.ts';
import { unbrotli } from './inflate.ts';

/** A box that holds data, with its four-letter type. */
export interface JumbfBox {
  readonly type: string;
  readonly data: Buffer;
}

const DEEPEST = 32;
const MOST_BOXES = 100_000;
const UNPACKED_BYTES = 16 * 1024 * 1024;

/**
 * Yields the content boxes of a JUMBF structure (ISO 19566-5), from all superboxes inside it,
 * unpacking Brotli boxes (`brob`, ISO 18181-2), in which C2PA keeps compressed manifests.
 *
 * @throws {Unreadable} `malformed` if a box is longer than what it lies in, `limit`.
 */
export function jumbfBoxes(bytes: Uint8Array): Generator<JumbfBox> {
  return boxesIn(toBuffer(bytes), 0, { boxes: MOST_BOXES, unpacked: UNPACKED_BYTES });
}

interface Budget {
  boxes: number;
  unpacked: number;
}

function* boxesIn(bytes: Buffer, depth: number, budget: Budget): Generator<JumbfBox> {
  if (depth > DEEPEST) throw new Unreadable('limit', 'JUMBF nested too deeply');
  let at = 0;
  while (at + 8 <= bytes.length) {
    budget.boxes -= 1;
    if (budget.boxes < 0) throw new Unreadable('limit', 'JUMBF of too many boxes');
    const type = bytes.toString('latin1', at + 4, at + 8);
    const { start, end } = extentOf(bytes, at);
    const data = bytes.subarray(start, end);
    if (type === 'jumb') yield* boxesIn(data, depth + 1, budget);
    else if (type === 'brob') yield* packedBox(data, depth, budget);
    else yield { type, data };
    at = end;
  }
}

/** ISO 14496-12, 4.2: a length of 0 runs to the end, of 1 is followed by a long one. */
function extentOf(bytes: Buffer, at: number): { readonly start: number; readonly end: number } {
  const length = bytes.readUInt32BE(at);
  const isLong = length === 1 && at + 16 <= bytes.length;
  const start = at + (isLong ? 16 : 8);
  const end =
    length === 0 ? bytes.length : at + (isLong ? Number(bytes.readBigUInt64BE(at + 8)) : length);
  if (end < start || end > bytes.length) {
    throw new Unreadable('malformed', 'a JUMBF box that is longer than what it lies in');
  }
  return { start, end };
}

function* packedBox(data: Buffer, depth: number, budget: Budget): Generator<JumbfBox> {
  const type = data.toString('latin1', 0, 4);
  const unpacked = unbrotli(data.subarray(4), Math.max(1, budget.unpacked));
  budget.unpacked -= unpacked.length;
  if (type === 'jumb') yield* boxesIn(unpacked, depth + 1, budget);
  else yield { type, data: unpacked };
}
