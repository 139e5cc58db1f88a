import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { FRAME_HEADER, LOG_HEADER, LOG_MAGIC, LogChecksum } from './log-format.ts';

/** Frames read at once. */
const FRAMES = 256;

/** Returns the CRC-32 of the newest committed image of every page in the write-ahead log. */
export function loggedPages(path: string): ReadonlyMap<number, number> {
  const log = `${path}-wal`;
  if (!existsSync(log)) return new Map();
  const file = openSync(log, 'r');
  try {
    return committedPages(file);
  } finally {
    closeSync(file);
  }
}

function committedPages(file: number): ReadonlyMap<number, number> {
  const pages = new Map<number, number>();
  const header = Buffer.alloc(LOG_HEADER);
  if (readSync(file, header, 0, LOG_HEADER, 0) < LOG_HEADER) return pages;
  const magic = header.readUInt32BE(0);
  const checksum = new LogChecksum(magic);
  checksum.add(header.subarray(0, 24));
  if ((magic & ~1) !== LOG_MAGIC || !checksum.is(header.subarray(24))) return pages;
  const frameSize = FRAME_HEADER + header.readUInt32BE(8);
  const chunk = Buffer.alloc(FRAMES * frameSize);
  const uncommitted = new Map<number, number>();
  for (let offset = LOG_HEADER; ; offset += chunk.length) {
    const length = readSync(file, chunk, 0, chunk.length, offset);
    for (let at = 0; at + frameSize <= length; at += frameSize) {
      const frame = chunk.subarray(at, at + frameSize);
      const image = frame.subarray(FRAME_HEADER);
      // Other salts: what an earlier use of the file left behind.
      if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) return pages;
      checksum.add(frame.subarray(0, 8));
      checksum.add(image);
      if (!checksum.is(frame.subarray(16, 24))) return pages;
      uncommitted.set(frame.readUInt32BE(0), crc32(image));
      if (frame.readUInt32BE(4) === 0) continue;
      for (const [page, sum] of uncommitted) pages.set(page, sum);
      uncommitted.clear();
    }
    if (length < chunk.length) return pages;
  }
}
