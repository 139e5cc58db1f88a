import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openPassingFiles } from '../../src/content/taking/open-passing-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const folder = join(temporary.path, 'passing');
afterAll(() => temporary[Symbol.dispose]());

async function* chunks(...sizes: number[]) {
  for (const size of sizes) yield new Uint8Array(size);
}

describe('files that pass through', () => {
  it('of a process that was killed are deleted before others come', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'left-behind'), 'somebody’s work');
    const files = await openPassingFiles(folder);
    await using taken = await files.take(chunks(3, 5), 8);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(taken.size).toBe(8);
  });

  it('are named as they would be if they were stored, and deleted when they are done with', async () => {
    const files = await openPassingFiles(folder);
    {
      await using taken = await files.take(chunks(1_000_000, 48_576, 1), 2_000_000);
      // As Kubo names 1 MiB + 1 of zeros (test/vectors/unixfs).
      expect(taken.cid).toBe('bafybeihd4yzq7n5umhjngdum4r6k2to7egxfkf2jz6thvwzf6djus22cmq');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leave nothing when more comes than may, or when it breaks off', async () => {
    const files = await openPassingFiles(folder);
    await expect(files.take(chunks(5, 5), 9)).rejects.toMatchObject({ code: 'too_large' });
    const broken = (async function* () {
      yield new Uint8Array(5);
      throw new Error('gone');
    })();
    await expect(files.take(broken, 9)).rejects.toThrow('gone');
    expect(readdirSync(folder)).toEqual([]);
  });
});
