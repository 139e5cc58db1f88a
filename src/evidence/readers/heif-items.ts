import { type RandomAccess, Unreadable } from '../inspector.ts';
import { bmffBoxes, firstBox } from './bmff-boxes.ts';
import { toBuffer } from './bytes.ts';
import type { Chunk } from './png-chunks.ts';

/** An item of metadata in a HEIF or AVIF file, and where its parts lie in the file. */
export interface HeifItem {
  readonly kind: 'exif' | 'xmp';
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

const TABLE_BYTES = 1024 * 1024;
const MOST_ITEMS = 4_096;
const MOST_EXTENTS = 4_096;

/**
 * Returns the EXIF and XMP items that the `meta` box of a HEIF or AVIF file lists (ISO 14496-12, 8.11;
 * ISO 23008-12, annex A): `iinf` says what each item is, `iloc` where it lies.
 */
export function heifItems(source: RandomAccess, meta: Chunk): HeifItem[] {
  const children = { offset: meta.offset + 4, length: meta.length - 4 };
  const information = firstBox(source, 'iinf', children);
  const locations = firstBox(source, 'iloc', children);
  if (information === undefined || locations === undefined) return [];
  const kinds = itemKinds(source, information);
  if (kinds.size === 0) return [];
  const data = firstBox(source, 'idat', children);
  return [...locatedItems(tableOf(source, locations), kinds, data?.offset)];
}

function tableOf(source: RandomAccess, { offset, length }: Chunk): Buffer {
  if (length > TABLE_BYTES) throw new Unreadable('limit', 'a table of items above 1 MiB');
  return toBuffer(source.read(offset, length));
}

function itemKinds(source: RandomAccess, box: Chunk): Map<number, HeifItem['kind']> {
  const kinds = new Map<number, HeifItem['kind']>();
  const version = source.read(box.offset, 1)[0] ?? 0;
  const first = box.offset + (version === 0 ? 6 : 8);
  for (const entry of bmffBoxes(source, first, box.offset + box.length)) {
    if (entry.type !== 'infe' || kinds.size === MOST_ITEMS) continue;
    const bytes = toBuffer(source.read(entry.offset, Math.min(entry.length, 256)));
    const isLong = bytes[0] === 3;
    if (bytes.length < (isLong ? 14 : 12)) continue;
    const id = isLong ? bytes.readUInt32BE(4) : bytes.readUInt16BE(4);
    const typeAt = isLong ? 10 : 8;
    const type = bytes.toString('latin1', typeAt, typeAt + 4);
    if (type === 'Exif') kinds.set(id, 'exif');
    else if (type === 'mime' && bytes.includes('application/rdf+xml', typeAt)) kinds.set(id, 'xmp');
  }
  return kinds;
}

/** ISO 14496-12, 8.11.3: all widths of numbers are stated in the first bytes. */
function* locatedItems(
  table: Buffer,
  kinds: ReadonlyMap<number, HeifItem['kind']>,
  data: number | undefined,
): Generator<HeifItem> {
  const read = new Fields(table);
  const version = read.number(1);
  read.number(3);
  const sizes = read.number(2);
  const width = (shift: number) => (sizes >> shift) & 15;
  const idWidth = version === 2 ? 4 : 2;
  const count = read.number(idWidth);
  for (let item = 0; item < Math.min(count, MOST_ITEMS); item += 1) {
    const kind = kinds.get(read.number(idWidth));
    const isInData = version > 0 && (read.number(2) & 15) === 1;
    read.number(2);
    const base = read.number(width(4)) + (isInData ? (data ?? 0) : 0);
    const extents: { offset: number; length: number }[] = [];
    const parts = read.number(2);
    for (let part = 0; part < Math.min(parts, MOST_EXTENTS); part += 1) {
      if (version > 0) read.number(width(0));
      const offset = base + read.number(width(12));
      extents.push({ offset, length: read.number(width(8)) });
    }
    if (kind !== undefined) yield { kind, extents };
  }
}

/** Numbers one after the other, of 0 to 8 bytes. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(width: number): number {
    if (this.#at + width > this.#bytes.length) {
      throw new Unreadable('malformed', 'a table of items that ends early');
    }
    let value = 0;
    for (let left = width; left > 0; left -= 1) {
      value = value * 256 + (this.#bytes[this.#at] ?? 0);
      this.#at += 1;
    }
    return value;
  }
}
