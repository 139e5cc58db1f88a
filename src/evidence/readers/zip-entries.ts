import { type RandomAccess, Unreadable } from '../inspector.ts';
import { toBuffer } from './bytes.ts';

export interface ZipEntry {
  readonly name: string;
  /** 0 if the data is stored as it is. */
  readonly method: number;
  readonly packedSize: number;
  /** Where its local header lies. */
  readonly offset: number;
}

const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const DIRECTORY_BYTES = 1024 * 1024;
const MOST_ENTRIES = 10_000;
const END_MARK = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY_MARK = 0x02014b50;

/**
 * Returns the entries that the central directory of a ZIP file lists (APPNOTE 4.3.12), at most
 * 10,000 or 1 MiB of them. ZIP64 directories are not read.
 *
 * @throws {Unreadable} `malformed` if there is no directory.
 */
export function zipEntries(source: RandomAccess): ZipEntry[] {
  const tailOffset = Math.max(0, source.size - END_LENGTH - LONGEST_COMMENT);
  const tail = toBuffer(source.read(tailOffset, END_LENGTH + LONGEST_COMMENT));
  const end = tail.lastIndexOf(END_MARK);
  if (end < 0 || end + END_LENGTH > tail.length) {
    throw new Unreadable('malformed', 'a ZIP file without a directory');
  }
  const length = Math.min(tail.readUInt32LE(end + 12), DIRECTORY_BYTES);
  return [...directoryEntries(toBuffer(source.read(tail.readUInt32LE(end + 16), length)))];
}

function* directoryEntries(bytes: Buffer): Generator<ZipEntry> {
  let at = 0;
  for (let count = 0; count < MOST_ENTRIES && at + 46 <= bytes.length; count += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY_MARK) return;
    const nameLength = bytes.readUInt16LE(at + 28);
    yield {
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packedSize: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

/** Returns the bytes of an entry that is stored unpacked, at most `most` of them. */
export function storedBytes(source: RandomAccess, entry: ZipEntry, most: number): Uint8Array {
  const header = toBuffer(source.read(entry.offset, 30));
  if (entry.method !== 0 || header.length < 30) return new Uint8Array();
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  return source.read(start, Math.min(entry.packedSize, most));
}
