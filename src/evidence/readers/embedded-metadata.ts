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

/** Description box of a C2PA manifest store: `jumd` and the UUID that begins with `c2pa`. */
const STORE = Buffer.concat([
  Buffer.from('jumdc2pa'),
  Buffer.from('00110010800000aa00389b71', 'hex'),
]);
const PACKET_STARTS = [Buffer.from('<?xpacket begin'), Buffer.from('<x:xmpmeta')];
const PACKET_ENDS = [Buffer.from('<?xpacket end'), Buffer.from('</x:xmpmeta>')];

/**
 * Yields XMP packets and C2PA stores that stand somewhere in a file as they are. Both are made to be
 * found so: in PDF, MP4, AVIF, PSD, WAV, MP3 and others they are neither packed nor split.
 * Searches the first and the last 16 MiB.
 */
export function* embeddedMetadata(source: RandomAccess): Generator<MetadataBlock> {
  let blocks = 0;
  for (const { from, to } of searchedRanges(source.size)) {
    let at = from;
    while (at < to) {
      const found = nextBlock(source, at, Math.min(to, at + STEP_BYTES));
      if (found === undefined) {
        at += STEP_BYTES;
        continue;
      }
      blocks += 1;
      if (blocks > MOST_BLOCKS) throw new Unreadable('limit', 'too many packets of metadata');
      yield { kind: found.kind, bytes: () => found.bytes };
      at = found.offset + found.bytes.length;
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

function nextBlock(source: RandomAccess, from: number, to: number): FoundBlock | undefined {
  const bytes = toBuffer(source.read(from, to - from + OVERLAP_BYTES));
  const store = storeIn(bytes);
  const packet = firstOf(bytes, PACKET_STARTS);
  if (store !== undefined && (packet === undefined || store < packet)) {
    const length = bytes.readUInt32BE(store);
    const offset = from + store;
    const end = length === 0 ? source.size : Math.min(offset + length, source.size);
    return {
      kind: 'c2pa',
      offset,
      bytes: source.read(offset, Math.min(end - offset, LONGEST_STORE)),
    };
  }
  if (packet === undefined) return undefined;
  const text = toBuffer(source.read(from + packet, LONGEST_PACKET));
  const end = firstOf(text, PACKET_ENDS);
  const whole = end === undefined ? text : text.subarray(0, end + '</x:xmpmeta>'.length);
  return { kind: 'xmp', offset: from + packet, bytes: whole };
}

/** The superbox begins 12 bytes before the UUID's box: length, `jumb`, length. */
function storeIn(bytes: Buffer): number | undefined {
  let at = bytes.indexOf(STORE);
  while (at >= 0) {
    if (at >= 12 && hasAscii(bytes, at - 8, 'jumb')) return at - 12;
    at = bytes.indexOf(STORE, at + 1);
  }
  return undefined;
}

function firstOf(bytes: Buffer, patterns: readonly Buffer[]): number | undefined {
  const places = patterns.map((pattern) => bytes.indexOf(pattern)).filter((place) => place >= 0);
  return places.length === 0 ? undefined : Math.min(...places);
}
