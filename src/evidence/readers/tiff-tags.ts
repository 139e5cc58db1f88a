import type { RandomAccess } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';

/** Tags of the main directory, the EXIF directory (Exif 2.32) and the GPS directory. */
export const TIFF_TAG = {
  imageDescription: 0x010e,
  make: 0x010f,
  model: 0x0110,
  software: 0x0131,
  dateTime: 0x0132,
  artist: 0x013b,
  xmp: 0x02bc,
  xpComment: 0x9c9c,
  iptc: 0x83bb,
  exifIfd: 0x8769,
  gpsIfd: 0x8825,
  photoshop: 0x8649,
  dateTimeOriginal: 0x9003,
  dateTimeDigitized: 0x9004,
  offsetTimeOriginal: 0x9011,
  userComment: 0x9286,
  lensModel: 0xa434,
  c2pa: 0xcd41,
  gpsTimeStamp: 0x0007,
  gpsDateStamp: 0x001d,
} as const;

/** Bytes of one value by field type (TIFF 6.0, section 2); strange types are taken as bytes. */
const TYPE_BYTES = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** A C2PA store with thumbnails takes some MiB. */
const VALUE_BYTES = 16 * 1024 * 1024;
/** The classic limit of a count is 65,535; real directories have some dozens of entries. */
const MOST_ENTRIES = 4096;

export function isTiff(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, 'II*\0') || hasAscii(bytes, 0, 'MM\0*');
}

/**
 * Returns the raw values of the wanted tags in the first directory of a TIFF structure and in its
 * EXIF and GPS directories, each cut at 16 MiB. What lies outside the structure is left out: cameras and
 * editors write such values, and no reader shows them.
 */
export function readTiffTags(
  source: RandomAccess,
  wanted: ReadonlySet<number>,
): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const header = toBuffer(source.read(0, 8));
  if (header.length < 8 || !isTiff(header)) return found;
  const isLittle = header[0] === 0x49;
  const inner = readDirectory(source, readUint32(header, 4, isLittle), isLittle, wanted, found);
  for (const offset of inner) readDirectory(source, offset, isLittle, wanted, found);
  return found;
}

/** Returns where the EXIF and GPS directories lie, as far as this one says so. */
function readDirectory(
  source: RandomAccess,
  offset: number,
  isLittle: boolean,
  wanted: ReadonlySet<number>,
  found: Map<number, Uint8Array>,
): readonly number[] {
  const inner: number[] = [];
  const count = toBuffer(source.read(offset, 2));
  if (count.length < 2) return inner;
  const entryCount = Math.min(isLittle ? count.readUInt16LE() : count.readUInt16BE(), MOST_ENTRIES);
  const entries = toBuffer(source.read(offset + 2, entryCount * 12));
  for (let at = 0; at + 12 <= entries.length; at += 12) {
    const entry = entries.subarray(at, at + 12);
    const tag = isLittle ? entry.readUInt16LE() : entry.readUInt16BE();
    const isInner = tag === TIFF_TAG.exifIfd || tag === TIFF_TAG.gpsIfd;
    if (isInner && inner.length < 2) inner.push(readUint32(entry, 8, isLittle));
    else if (wanted.has(tag) && !found.has(tag))
      found.set(tag, entryValue(source, entry, isLittle));
  }
  return inner;
}

function entryValue(source: RandomAccess, entry: Buffer, isLittle: boolean): Uint8Array {
  const type = isLittle ? entry.readUInt16LE(2) : entry.readUInt16BE(2);
  const length = readUint32(entry, 4, isLittle) * (TYPE_BYTES[type] ?? 1);
  if (length <= 4) return entry.subarray(8, 8 + length);
  return source.read(readUint32(entry, 8, isLittle), Math.min(length, VALUE_BYTES));
}

function readUint32(bytes: Buffer, offset: number, isLittle: boolean): number {
  return isLittle ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
}
