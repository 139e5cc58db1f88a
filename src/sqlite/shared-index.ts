import {
  fstatSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from './database.ts';
import { diskFull, toArchiveError } from './sqlite-error.ts';

/** The index of the write-ahead log has a region for every 4,096 frames, https://www.sqlite.org/walformat.html */
const REGION_BYTES = 32_768;
/** The first memory page holds what readers write; the rest is the writer's. */
const HEADER_BYTES = 4_096;
/** For a log of 128 MiB, after which it is folded back. */
const REGIONS = 9;

/** Where Linux shows the files that this process has open. */
const OPEN_FILES = '/proc/self/fd';

/**
 * Takes the room that the index of the log will need. SQLite maps that file (`-shm`) into memory and takes only
 * one byte of every 4 KiB; where the blocks of the file system are smaller, the rest is found missing when it is
 * written, and the system then ends the process by a signal (SIGBUS). Call it on a fresh connection that writes.
 * Does nothing while another one writes, which has done so before, and where the system does not show open files.
 *
 * @throws {ArchiveError} `disk_full`, `home_corrupt`.
 */
export function allocateSharedIndex(db: Database): void {
  if (process.platform !== 'linux') return;
  // Whoever holds the write lock is the only one that writes behind the header.
  if (!db.beginAtOnce()) return;
  try {
    const file = openIndexOf(db.path);
    if (file !== undefined) fillHoles(file);
  } catch (error) {
    throw toArchiveError(db.path, error);
  } finally {
    db.rollback();
  }
}

/**
 * Returns if there is room for the index of the log, which the first connection to a database makes.
 *
 * @throws {ArchiveError} `disk_full`.
 */
export function assertRoomForIndex(path: string): void {
  const size = statSync(indexOf(path), { throwIfNoEntry: false })?.size ?? 0;
  if (size >= REGION_BYTES) return;
  const { bavail, bsize } = statfsSync(dirname(path));
  const left = bavail * bsize;
  if (left < REGIONS * REGION_BYTES) throw diskFull(path, `(${left} bytes are left)`);
}

const indexOf = (path: string): string => `${path}-shm`;

/**
 * Returns SQLite's own descriptor of the index. Another one must not be opened: closing it would drop the
 * locks of this process, https://www.sqlite.org/howtocorrupt.html §2.2.
 */
function openIndexOf(path: string): number | undefined {
  const index = realpathSync(indexOf(path));
  const found = readdirSync(OPEN_FILES).find((name) => linkOf(name) === index);
  return found === undefined ? undefined : Number(found);
}

/** Returns what the descriptor is open on, if it still is. */
function linkOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(`${OPEN_FILES}/${descriptor}`);
  } catch {
    return undefined;
  }
}

/** Writes what is there over itself, and zeros behind it, where SQLite expects them. */
function fillHoles(file: number): void {
  const { size } = fstatSync(file);
  const bytes = new Uint8Array(Math.max(size, REGIONS * REGION_BYTES) - HEADER_BYTES);
  readSync(file, bytes, 0, bytes.length, HEADER_BYTES);
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, HEADER_BYTES + done);
  }
}
