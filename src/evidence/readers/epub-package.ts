import { type RandomAccess, Unreadable } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';
import { inflateRaw } from './inflate.ts';
import { decodeXml } from './text-encoding.ts';
import { zipEntries } from './zip-entries.ts';

const PACKAGE_BYTES = 4 * 1024 * 1024;
const DEFLATED = 8;

/**
 * Returns the package document of an EPUB (`*.opf`), or undefined if the file is no ZIP that holds one.
 *
 * @throws {Unreadable} `malformed`, `limit` if it is there and cannot be unpacked into 4 MiB.
 */
export function epubPackage(source: RandomAccess): string | undefined {
  if (!hasAscii(source.read(0, 4), 0, 'PK\x03\x04')) return undefined;
  const entry = entriesOf(source).find(({ name }) => /\.opf$/i.test(name));
  if (entry === undefined) return undefined;
  const header = toBuffer(source.read(entry.offset, 30));
  if (header.length < 30) throw new Unreadable('malformed', 'a package that ends early');
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const bytes = source.read(start, Math.min(entry.packedSize, PACKAGE_BYTES));
  return decodeXml(entry.method === DEFLATED ? inflateRaw(bytes, PACKAGE_BYTES) : bytes);
}

function entriesOf(source: RandomAccess): ReturnType<typeof zipEntries> {
  try {
    return zipEntries(source);
  } catch (error) {
    if (error instanceof Unreadable && error.reason === 'malformed') return [];
    throw error;
  }
}
