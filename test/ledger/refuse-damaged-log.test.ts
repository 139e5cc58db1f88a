import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { appendOf } from '../support/deposits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type TestHome, testHome } from '../support/test-home.ts';

/** A home as a crash leaves it: ten appends are in the write-ahead log and not in the database. */
const folder = temporaryFolder();
const crashed = join(folder.path, 'crashed.db');
let home: TestHome;
/** Length of the log after each append. */
const ends: number[] = [];
const FILES = ['', '-wal', '-sums'];

beforeAll(async () => {
  home = await testHome();
  await using ledger = await home.open();
  for (let i = 0; i < 10; i++) {
    await ledger.append(appendOf(`asset ${i}`));
    ends.push(statSync(`${home.options.path}-wal`).size);
  }
  for (const suffix of FILES) copyFileSync(home.options.path + suffix, crashed + suffix);
});

afterAll(() => {
  home[Symbol.dispose]();
  folder[Symbol.dispose]();
});

/** How many entries are there after the log was changed; the code of the refusal if it is refused. */
async function entriesAfter(change: (log: string) => void): Promise<number | string> {
  const path = join(folder.path, 'copy.db');
  for (const suffix of FILES) copyFileSync(crashed + suffix, path + suffix);
  change(`${path}-wal`);
  try {
    await using ledger = await openLedger({ ...home.options, path });
    for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
    return ledger.size();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'crash';
  }
}

function flipBit(log: string, byte: number): void {
  const bytes = readFileSync(log);
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  writeFileSync(log, bytes);
}

it('has all entries after a crash', async () => {
  expect(await entriesAfter(() => undefined)).toBe(11);
});

describe('refuses a log with a flipped bit before the last transaction', () => {
  const FRAME = 24 + 4_096;
  it.each<[string, () => number]>([
    ['in its magic number', () => 3],
    ['in its page size', () => 10],
    ['in its salts', () => 17],
    ['in its checksum', () => 31],
    ['in the number of the first page', () => 32],
    ['in the salts of the first frame', () => 32 + 9],
    ['in the checksum of the first frame', () => 32 + 17],
    ['in the first page', () => 32 + 24 + 2_000],
    ['in the last page of the eighth append', () => (ends[7] ?? 0) - 100],
    ['in the salts of the last frame of the eighth append', () => (ends[7] ?? 0) - FRAME + 9],
  ])('%s', async (_what, byte) => {
    expect(await entriesAfter((log) => flipBit(log, byte()))).toBe('home_corrupt');
  });
});

describe('opens, without the transaction that was being written,', () => {
  it.each<[string, (log: string) => void]>([
    ['a log cut within it', (log) => truncateSync(log, (ends[9] ?? 0) - 3_000)],
    ['a log with a hole in it', (log) => flipBit(log, (ends[8] ?? 0) + 1_000)],
  ])('%s', async (_what, change) => {
    expect(await entriesAfter(change)).toBe(10);
  });
});

it('opens a log of nothing', async () => {
  expect(await entriesAfter((log) => truncateSync(log, 0))).toBe(1);
});
