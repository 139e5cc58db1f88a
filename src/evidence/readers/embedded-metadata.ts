import { type RandomAccess, Unreadable } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';
import type { MetadataBlock } from './metadata-block.ts';

/** How much of the start and of the end of a file is searched. */
const WINDOW_BYTES = 16 * 1024 * 1024;
const STEP_BYTES = 4 * 1024 * 1024;
const LONGEST_PACKET = 4 * 1024 * 1024;
const LONGEST_STORE = 16 * 1024 * 1024;
/** A start may lie across the border of two steps. */
const OVERLAP_BYTES = 64;
const MOST_BLOCKS = 256;
const END_LENGTH = '</x:xmpmeta>'.length;

/**
 * Where a packet begins, or the description box of a C2PA manifest store: `jumd` and the UUID that begins
 * with `c2pa`, whose rest is {@link UUID_REST}. One pattern, so that a file is gone through once however much it holds of one of them.
 */
const STARTS = /<\?xpacket begin|<x:xmpmeta|jumdc2pa/g;
const UUID_REST = '\0\x11\0\x10\x80\0\0\xaa\x008\x9bq';
const ENDS = /<\?xpacket end|<\/x:xmpmeta>/g;

/**
 * Yields XMP packets and C2PA stores that stand somewhere in a file as they are. Both are made to be
 * found so: in PDF, MP4, AVIF, PSD, WAV, MP3 and others they are neither packed nor split.
 * Searches the first and the last 16 MiB.
 */
export function* embeddedMetadata(source: RandomAccess): Generator<MetadataBlock> {
  let blocks = 0;
  for (const { from, to } of searchedRanges(source.size)) {
    let at = from;
    for (let start = from; start < to; start = Math.max(start + STEP_BYTES, at)) {
      const length = Math.min(to - start, STEP_BYTES) + OVERLAP_BYTES;
      const step = toBuffer(source.read(start, length)).toString('latin1');
      at = start;
      for (;;) {
        const found = nextBlock(source, step, start, at);
        if (found === undefined) break;
        blocks += 1;
        if (blocks > MOST_BLOCKS) throw new Unreadable('limit', 'too many packets of metadata');
        yield { kind: found.kind, bytes: () => found.bytes };
        at = found.offset + found.bytes.length;
      }
    }
  }
}

/** True if {@link embeddedMetadata} looks at every byte of a file of this size. */
export function isSearchedWhole(size: number): boolean {
  return size <= 2 * WINDOW_BYTES;
}

/** The parts of a file of this size that are searched. */
export function searchedRanges(size: number): { readonly from: number; readonly to: number }[] {
  if (isSearchedWhole(size)) return [{ from: 0, to: size }];
  return [
    { from: 0, to: WINDOW_BYTES },
    { from: size - WINDOW_BYTES, to: size },
  ];
}

interface FoundBlock {
  readonly kind: 'xmp' | 'c2pa';
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Returns the first block of a step of the file that begins at or after `from`. */
function nextBlock(
  source: RandomAccess,
  step: string,
  stepOffset: number,
  from: number,
): FoundBlock | undefined {
  for (let at = from; ; ) {
    const start = firstOf(step, STARTS, at - stepOffset);
    if (start === undefined) return undefined;
    if (step[start] === '<') return packetAt(source, step, start, stepOffset);
    const store = storeAt(source, stepOffset + start);
    if (store !== undefined && store.offset >= from) return store;
    at = stepOffset + start + 1;
  }
}

/** The superbox begins 12 bytes before the type of its description box: length, `jumb`, length. */
function storeAt(source: RandomAccess, description: number): FoundBlock | undefined {
  const offset = description - 12;
  if (offset < 0) return undefined;
  const header = toBuffer(source.read(offset, 32));
  if (!hasAscii(header, 4, 'jumb') || !hasAscii(header, 20, UUID_REST)) return undefined;
  const stated = header.readUInt32BE(0);
  const length = stated === 0 ? source.size - offset : stated;
  return { kind: 'c2pa', offset, bytes: source.read(offset, Math.min(length, LONGEST_STORE)) };
}

/** A packet whose end does not stand in the step is read anew. */
function packetAt(
  source: RandomAccess,
  step: string,
  start: number,
  stepOffset: number,
): FoundBlock {
  const offset = stepOffset + start;
  const near = firstOf(step, ENDS, start);
  if (near !== undefined) {
    const length = near - start + END_LENGTH;
    return { kind: 'xmp', offset, bytes: source.read(offset, length) };
  }
  const bytes = toBuffer(source.read(offset, LONGEST_PACKET));
  const end = firstOf(bytes.toString('latin1'), ENDS, 0);
  return { kind: 'xmp', offset, bytes: bytes.subarray(0, (end ?? bytes.length) + END_LENGTH) };
}

function firstOf(text: string, pattern: RegExp, from: number): number | undefined {
  pattern.lastIndex = Math.max(0, from);
  return pattern.exec(text)?.index;
}
