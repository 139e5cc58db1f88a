import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { ArchiveError } from '../core/errors.ts';
import { loggedPages } from './logged-pages.ts';

/** SQLite's default, and that of every file made here. */
const PAGE_SIZE = 4_096;

/** What the file of sums begins with. After it come the sums in the order of the pages. */
const HEADER = Buffer.from('ringfence/sums/1');

/** Sums are kept XORed with it, so that a page that was never written, and reads as zeros, has 0. */
const EMPTY_PAGE = crc32(Buffer.alloc(PAGE_SIZE));

const PAGES_AT_ONCE = 256;

/** The file beside a database that holds its sums. */
function sumsPath(path: string): string {
  return `${path}-sums`;
}

/**
 * Notes the CRC-32 of every page in the write-ahead log, before SQLite folds the log back into the
 * database. Durable when it returns. Until the log is folded back and gone, its pages are taken from
 * it and not from the file, so a crash at any instant leaves nothing that contradicts itself.
 *
 * A file of sums that cannot be written (a full disk) is emptied rather than left behind the
 * database; {@link sumPages} makes it again.
 */
export function noteLoggedPages(path: string): void {
  const logged = [...loggedPages(path)].sort(([a], [b]) => a - b);
  if (logged.length === 0 || !existsSync(sumsPath(path))) return;
  const file = openSync(sumsPath(path), 'r+');
  try {
    if (!isWhole(file)) return;
    for (const { first, sums } of runsOf(logged)) {
      const bytes = encode(sums);
      // A full disk may take a part.
      if (writeSync(file, bytes, 0, bytes.length, placeOf(first)) < bytes.length) {
        throw new ArchiveError('disk_full', `there is no room for ${sumsPath(path)}`);
      }
    }
    fdatasyncSync(file);
  } catch {
    empty(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Makes the file of sums if it is missing or not whole; reads the whole database then. Where there is
 * no room for it there is none: everything else works without.
 */
export function sumPages(path: string): void {
  closeSync(openSync(sumsPath(path), 'a', 0o600));
  const sums = openSync(sumsPath(path), 'r+');
  try {
    if (isWhole(sums)) return;
    empty(sums);
    let place = placeOf(1);
    for (const found of pagesOf(path)) place += writeSync(sums, encode(found), 0, undefined, place);
    fdatasyncSync(sums);
    // Last: without it, what is there is not believed.
    writeSync(sums, HEADER, 0, HEADER.length, 0);
    fdatasyncSync(sums);
  } catch {
    empty(sums);
  } finally {
    closeSync(sums);
  }
}

/**
 * Yields what differs from the sums, run of pages by run of pages; nothing if there are none. The
 * caller holds a read transaction from before the call to the end, so that nobody folds back pages
 * meanwhile that this does not know of.
 */
export function* pageSumProblems(path: string): Generator<string> {
  if (!existsSync(sumsPath(path))) return;
  const sums = readFileSync(sumsPath(path));
  if (!sums.subarray(0, HEADER.length).equals(HEADER)) return;
  const logged = loggedPages(path);
  const noted = (page: number) =>
    placeOf(page) + 4 <= sums.length
      ? (sums.readUInt32BE(placeOf(page)) ^ EMPTY_PAGE) >>> 0
      : EMPTY_PAGE;
  let page = 0;
  let from = 0;
  for (const found of pagesOf(path)) {
    for (const sum of found) {
      page += 1;
      const isRight = logged.has(page) || sum === noted(page);
      if (isRight && from !== 0) yield changed(path, from, page - 1);
      if (isRight) from = 0;
      else if (from === 0) from = page;
    }
  }
  if (from !== 0) yield changed(path, from, page);
}

/** Yields pages that lie side by side together; most of a log are. */
function* runsOf(
  pages: readonly (readonly [page: number, sum: number])[],
): Generator<{ readonly first: number; readonly sums: readonly number[] }> {
  let first = 0;
  let sums: number[] = [];
  for (const [page, sum] of pages) {
    if (sums.length > 0 && page !== first + sums.length) {
      yield { first, sums };
      sums = [];
    }
    if (sums.length === 0) first = page;
    sums.push(sum);
  }
  if (sums.length > 0) yield { first, sums };
}

function changed(path: string, first: number, last: number): string {
  return (
    `bytes ${(first - 1) * PAGE_SIZE} to ${last * PAGE_SIZE - 1} are not as they were written; ` +
    'restore the file from a backup. If nothing else is named, all that it says is sound: then ' +
    `${sumsPath(path)} may be removed, and is made again from the file as it is`
  );
}

/** Yields the sums of the pages of a file, in order, some at once. */
function* pagesOf(path: string): Generator<readonly number[]> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(PAGES_AT_ONCE * PAGE_SIZE);
    for (let offset = 0; ; offset += chunk.length) {
      const length = readSync(file, chunk, 0, chunk.length, offset);
      const sums: number[] = [];
      for (let at = 0; at < length; at += PAGE_SIZE) {
        sums.push(crc32(chunk.subarray(at, Math.min(at + PAGE_SIZE, length))));
      }
      yield sums;
      if (length < chunk.length) return;
    }
  } finally {
    closeSync(file);
  }
}

/** Needs no room. */
function empty(file: number): void {
  ftruncateSync(file, 0);
  fdatasyncSync(file);
}

function isWhole(file: number): boolean {
  const header = Buffer.alloc(HEADER.length);
  const size = fstatSync(file).size;
  return (
    size >= HEADER.length &&
    readSync(file, header, 0, HEADER.length, 0) === HEADER.length &&
    header.equals(HEADER)
  );
}

/** Pages are counted from 1. */
function placeOf(page: number): number {
  return HEADER.length + 4 * (page - 1);
}

function encode(sums: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * sums.length);
  for (const [i, sum] of sums.entries()) bytes.writeUInt32BE((sum ^ EMPTY_PAGE) >>> 0, 4 * i);
  return bytes;
}
