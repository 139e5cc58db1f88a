import { type RandomAccess, Unreadable } from '../inspector.ts';
import { BytesAccess, hasAscii, toBuffer } from './bytes.ts';
import { photoshopIptc } from './iptc-records.ts';
import { jpegSegments } from './jpeg-segments.ts';
import type { MetadataBlock } from './metadata-block.ts';
import { decodeUtf8OrLatin1 } from './text-encoding.ts';

const APP1 = 0xe1;
const APP11 = 0xeb;
const APP13 = 0xed;
const COMMENT = 0xfe;
const OF_INTEREST = new Set([APP1, APP11, APP13, COMMENT]);
const EXIF = 'Exif\0';
const PHOTOSHOP = 'Photoshop 3.0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const MORE_XMP = 'http://ns.adobe.com/xmp/extension/\0';
/** Blocks that are spread over segments, put together in memory. */
const JOINED_BYTES = 16 * 1024 * 1024;

/** Yields what a JPEG says about itself: EXIF, XMP (extended XMP too), IPTC, comments, and C2PA in APP11. */
export function* jpegMetadata(source: RandomAccess): Generator<MetadataBlock> {
  const stores = new SpreadBlocks();
  const moreXmp = new SpreadBlocks();
  let problem: Unreadable | undefined;
  try {
    for (const { marker, offset, length } of jpegSegments(source)) {
      if (!OF_INTEREST.has(marker)) continue;
      const data = toBuffer(source.read(offset, length));
      if (marker === COMMENT) {
        const text = () => ({ text: decodeUtf8OrLatin1(data), isCut: false });
        yield { kind: 'text', place: 'jpeg', key: 'COM', text };
      } else if (marker === APP11) addStorePart(stores, data);
      else if (marker === APP13) {
        if (hasAscii(data, 0, PHOTOSHOP)) yield* photoshopIptc(data.subarray(PHOTOSHOP.length));
      } else if (hasAscii(data, 0, EXIF))
        yield { kind: 'exif', tiff: () => new BytesAccess(data.subarray(6)) };
      else if (hasAscii(data, 0, XMP))
        yield { kind: 'xmp', bytes: () => data.subarray(XMP.length) };
      else if (hasAscii(data, 0, MORE_XMP)) addXmpPart(moreXmp, data.subarray(MORE_XMP.length));
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problem = error;
  }
  for (const bytes of moreXmp.joined()) yield { kind: 'xmp', bytes: () => bytes };
  for (const bytes of stores.joined()) yield { kind: 'c2pa', bytes: () => bytes };
  if (problem !== undefined) throw problem;
}

/** XMP specification part 3, 1.1.3.1: 32 characters of digest, full length, offset, then the part. */
function addXmpPart(parts: SpreadBlocks, data: Buffer): void {
  if (data.length < 40) return;
  parts.add(data.toString('latin1', 0, 32), data.readUInt32BE(36), data.subarray(40));
}

/**
 * ISO 19566-5, D.2: `JP`, box instance, packet number; then the box header, repeated in each packet,
 * and a part of the box.
 */
function addStorePart(parts: SpreadBlocks, data: Buffer): void {
  if (data.length < 16 || !hasAscii(data, 0, 'JP') || !hasAscii(data, 12, 'jumb')) return;
  const instance = data.readUInt16BE(2);
  const packet = data.readUInt32BE(4);
  const headerLength = data.readUInt32BE(8) === 1 ? 16 : 8;
  parts.add(`${instance}`, packet, data.subarray(8), headerLength);
}

interface SpreadPart {
  readonly order: number;
  readonly part: Uint8Array;
  /** Bytes at the start that repeat what the first part began with. */
  readonly repeated: number;
}

/** Blocks whose parts come in several segments, each with its place in the order. */
class SpreadBlocks {
  readonly #blocks = new Map<string, SpreadPart[]>();
  #bytes = 0;

  add(name: string, order: number, part: Uint8Array, repeated = 0): void {
    this.#bytes += part.length;
    if (this.#bytes > JOINED_BYTES) throw new Unreadable('limit', 'too much spread metadata');
    const parts = this.#blocks.get(name) ?? [];
    parts.push({ order, part, repeated });
    this.#blocks.set(name, parts);
  }

  *joined(): Generator<Uint8Array> {
    for (const parts of this.#blocks.values()) {
      parts.sort((a, b) => a.order - b.order);
      yield Buffer.concat(
        parts.map(({ part, repeated }, place) => (place === 0 ? part : part.subarray(repeated))),
      );
    }
  }
}
