import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { ArchiveError } from '../core/errors.ts';
import { FRAME_HEADER, LOG_HEADER, LOG_MAGIC, LogChecksum } from '../sqlite/log-format.ts';

const DEFAULT_PAGE_SIZE = 4_096;

/** Frames read at once. */
const FRAMES = 256;

/**
 * Returns if the write-ahead log of a database holds every transaction that SQLite will take from it
 * and none after it. Call it before the database is opened, by the one process that owns it.
 *
 * After a crash SQLite reads the log up to the first frame that does not fit its checksum, and drops
 * the rest without a word. That is right for a transaction that was being written. But a
 * transaction is only begun when the one before is on disk, so if frames of a *later* one follow,
 * the broken frame was whole once, and what follows was acknowledged. Damage within the last
 * transaction of the log cannot be told from a crash.
 *
 * @throws {ArchiveError} `home_corrupt` if acknowledged transactions would be dropped.
 */
export function refuseDamagedLog(path: string): void {
  const log = `${path}-wal`;
  if (!existsSync(log)) return;
  const file = openSync(log, 'r');
  try {
    if (!dropsTransactions(file)) return;
  } finally {
    closeSync(file);
  }
  throw new ArchiveError(
    'home_corrupt',
    `${log} is damaged, and what was written after the damage would be lost; restore the home from ` +
      'a backup, or open the database once with the sqlite3 program, which keeps what was written ' +
      'before and drops the rest',
  );
}

function dropsTransactions(file: number): boolean {
  const header = Buffer.alloc(LOG_HEADER + FRAME_HEADER);
  if (readSync(file, header, 0, header.length, 0) < header.length) return false;
  const magic = header.readUInt32BE(0);
  const checksum = new LogChecksum(magic);
  checksum.add(header.subarray(0, 24));
  // The header is within one sector, and on disk before the first frame: a broken one was damaged.
  const isSound = (magic & ~1) === LOG_MAGIC && checksum.is(header.subarray(24, 32));
  const salts = isSound
    ? header.subarray(16, 24)
    : header.subarray(LOG_HEADER + 8, LOG_HEADER + 16);
  const pageSize = isSound ? header.readUInt32BE(8) : DEFAULT_PAGE_SIZE;
  const scan = new Scan(salts, checksum, isSound);
  const frameSize = FRAME_HEADER + pageSize;
  const chunk = Buffer.alloc(FRAMES * frameSize);
  for (let offset = LOG_HEADER; ; offset += chunk.length) {
    const length = readSync(file, chunk, 0, chunk.length, offset);
    for (let at = 0; at + frameSize <= length; at += frameSize) {
      if (scan.showsDamage(chunk.subarray(at, at + frameSize))) return true;
    }
    if (length < chunk.length) return false;
  }
}

/** Goes through the frames in order. */
class Scan {
  readonly #salts: Buffer;
  readonly #checksum: LogChecksum;
  #isSound: boolean;
  /** Whether a transaction ended in or after the broken frame. */
  #hasEnded = false;
  /** Frames with other salts, which are of an earlier use of the file unless more of ours follow. */
  #strangers = { some: false, ended: false };

  constructor(salts: Buffer, checksum: LogChecksum, isSound: boolean) {
    this.#salts = salts;
    this.#checksum = checksum;
    this.#isSound = isSound;
  }

  /** Says whether this frame is of a transaction that was begun after the broken one had ended. */
  showsDamage(frame: Buffer): boolean {
    const isEnd = frame.readUInt32BE(4) !== 0;
    if (!frame.subarray(8, 16).equals(this.#salts)) {
      this.#strangers = { some: true, ended: this.#strangers.ended || isEnd };
      return false;
    }
    if (this.#strangers.some) {
      this.#isSound = false;
      this.#hasEnded ||= this.#strangers.ended;
      this.#strangers = { some: false, ended: false };
    }
    if (this.#isSound) {
      this.#checksum.add(frame.subarray(0, 8));
      this.#checksum.add(frame.subarray(FRAME_HEADER));
      this.#isSound = this.#checksum.is(frame.subarray(16, 24));
      if (this.#isSound) return false;
    } else if (this.#hasEnded) {
      return true;
    }
    this.#hasEnded ||= isEnd;
    return false;
  }
}
