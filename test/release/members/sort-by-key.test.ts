import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openKeySorter } from '../../../src/release/members/sort-by-key.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('yields any number of items in the order of their keys', async () => {
  using folder = temporaryFolder();
  const entry = fc.tuple(
    fc.stringMatching(/^[a-c]{0,4}$/),
    fc.record({ text: fc.string({ unit: 'binary', maxLength: 40 }), number: fc.nat() }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      async (entries, runItems) => {
        await using sorter = openKeySorter<{ text: string; number: number }>(folder.path, runItems);
        for (const [key, item] of entries) await sorter.add(key, item);
        const sorted = await Array.fromAsync(sorter.sorted());
        expect(sorted.map(([key]) => key)).toEqual(entries.map(([key]) => key).sort());
        const plain = (all: typeof sorted) => all.map((each) => JSON.stringify(each)).sort();
        expect(plain(sorted)).toEqual(plain(entries));
      },
    ),
  );
});

it('reads lines that span its buffers', async () => {
  using folder = temporaryFolder();
  await using sorter = openKeySorter<string>(folder.path, 3);
  const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(150_000));
  for (const text of texts.toReversed()) await sorter.add(text.slice(0, 1), text);
  expect((await Array.fromAsync(sorter.sorted())).map(([, text]) => text)).toEqual(texts);
});

it('leaves no file behind, and none with names in it while it sorts', async () => {
  using folder = temporaryFolder();
  {
    await using sorter = openKeySorter<string>(folder.path, 1);
    await sorter.add('a', 'Ada Maker');
    // Nor is there anything that a killed process would leave.
    expect(readdirSync(folder.path)).toEqual([]);
  }
  expect(readdirSync(folder.path)).toEqual([]);
});
