import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { FileOffer } from '../../../src/core/ports/intake.ts';
import { openCatalogueFile } from '../../../src/intake/rows/open-catalogue-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROWS = 100_000;

function* lines(): Generator<string> {
  yield 'path,title,creator,year,licence,work,note\n';
  for (let n = 0; n < ROWS; n += 1) {
    const folder = String(Math.floor(n / 1000)).padStart(5, '0');
    yield `files/${folder}/load-${n}.svg,"Title, number ${n}",Maker ${n % 977},${1850 + (n % 150)},CC0-1.0,work-${n >> 2},"a note of some length, that makes the record as long as usual: ${n}"\n`;
  }
}

function offer(root: string, n: number): FileOffer {
  const name = `load-${n}.svg`;
  const relative = `files/${String(Math.floor(n / 1000)).padStart(5, '0')}/${name}`;
  const path = Buffer.from(join(root, relative));
  return { kind: 'file', path, name, relative, size: 0, modifiedMs: 0 };
}

describe('a catalogue of 100,000 rows', () => {
  it('keeps less than 200 bytes a row, lets others run, and finds any row', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'files'));
    const path = join(folder.path, 'catalogue.csv');
    await pipeline(Readable.from(lines()), createWriteStream(path));
    const before = process.memoryUsage().arrayBuffers;
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    });
    await using catalogue = await openCatalogueFile(path, { paths: [], root: folder.path });
    clearInterval(turning);
    const kept = process.memoryUsage().arrayBuffers - before;
    expect(catalogue.recordCount).toBe(ROWS);
    // What waits for the collector is counted as well, so this is more than what is kept.
    expect(kept / ROWS).toBeLessThan(200);
    expect(turns).toBeGreaterThan(20);
    for (let step = 0; step < 2000; step += 1) {
      const n = (step * 48_271) % ROWS;
      const row = await catalogue.rowFor(offer(folder.path, n));
      expect(row).toMatchObject({
        kind: 'row',
        line: n + 2,
        title: `Title, number ${n}`,
        work: `work-${n >> 2}`,
        part: (n & 3) + 1,
      });
    }
    expect(await catalogue.rowFor(offer(folder.path, ROWS))).toBeUndefined();
  });
});
