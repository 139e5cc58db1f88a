import { type RandomAccess, Unreadable } from '../inspector.ts';
import { bmffBoxes } from './bmff-boxes.ts';
import { BytesAccess, toBuffer } from './bytes.ts';
import { embeddedMetadata } from './embedded-metadata.ts';
import { type HeifItem, heifItems } from './heif-items.ts';
import { unbrotli } from './inflate.ts';
import type { MetadataBlock } from './metadata-block.ts';
import type { Chunk } from './png-chunks.ts';

const ITEM_BYTES = 16 * 1024 * 1024;

/**
 * Yields the metadata of a file of boxes: EXIF and XMP items of HEIF and AVIF, the `Exif` and `xml `
 * boxes of JPEG XL, packed ones too (ISO 18181-2), and then whatever stands somewhere as it is.
 */
export function* bmffMetadata(source: RandomAccess): Generator<MetadataBlock> {
  let problem: Unreadable | undefined;
  try {
    for (const box of bmffBoxes(source, 0, source.size)) {
      if (box.type === 'meta') {
        for (const item of heifItems(source, box)) yield itemBlock(source, item);
      } else yield* boxBlock(box.type, () => source.read(box.offset, wholeLength(box)));
    }
  } catch (error) {
    if (!(error instanceof Unreadable) || error.reason === 'io') throw error;
    problem = error;
  }
  yield* embeddedMetadata(source);
  if (problem !== undefined) throw problem;
}

function itemBlock(source: RandomAccess, { kind, extents }: HeifItem): MetadataBlock {
  const bytes = () => {
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    if (total > ITEM_BYTES) throw new Unreadable('limit', 'an item of metadata above 16 MiB');
    return Buffer.concat(extents.map(({ offset, length }) => source.read(offset, length)));
  };
  return kind === 'xmp'
    ? { kind, bytes }
    : { kind, tiff: () => new BytesAccess(withoutOffset(bytes())) };
}

function* boxBlock(type: string, bytes: () => Uint8Array): Generator<MetadataBlock> {
  if (type === 'Exif') {
    yield { kind: 'exif', tiff: () => new BytesAccess(withoutOffset(bytes())) };
  } else if (type === 'xml ') yield { kind: 'xmp', bytes };
  else if (type === 'brob') {
    const packed = toBuffer(bytes());
    const unpacked = () => unbrotli(packed.subarray(4), ITEM_BYTES);
    const inner = packed.toString('latin1', 0, 4);
    if (inner === 'jumb') yield { kind: 'c2pa', bytes: unpacked };
    // Packed boxes in packed boxes are not allowed, and could go on for ever.
    else if (inner !== 'brob') yield* boxBlock(inner, unpacked);
  }
}

function wholeLength({ length }: Chunk): number {
  if (length > ITEM_BYTES) throw new Unreadable('limit', 'a box of metadata above 16 MiB');
  return length;
}

/** ISO 23008-12, A.2.1: four bytes say how far behind them the TIFF structure begins. */
function withoutOffset(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 4) return bytes;
  return bytes.subarray(4 + toBuffer(bytes).readUInt32BE(0));
}
