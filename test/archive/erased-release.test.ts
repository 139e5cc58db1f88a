import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deleteErased } from '../../src/archive/erasing/delete-erased.ts';
import { erasePerson } from '../../src/archive/erasing/erase-person.ts';
import { cutRelease } from '../../src/archive/releasing/cut-release.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function takeIn(archive: OpenedArchive, folder: string): Promise<void> {
  const offered = join(folder, 'offered');
  await mkdir(offered);
  const rows = ['Ada Quillfeather', 'Ben Vesperby', 'Ada Quillfeather'].map((maker, index) => {
    return `${index}.txt,Poem ${index},${maker},CC-BY-4.0,digitalCreation`;
  });
  for (const index of rows.keys()) await writeFile(join(offered, `${index}.txt`), `poem ${index}`);
  const catalogue = join(folder, 'rows.csv');
  const head = 'path,title,creator,licence,digital_source_type';
  await writeFile(catalogue, `${[head, ...rows].join('\n')}\n`);
  const offer = { paths: [offered], collection: 'main', catalogue: { path: catalogue } };
  const how = { all: false, hidden: false, custody: true, dryRun: false, measured: false };
  for await (const event of ingest({ ...offer, ...how }, archive)) {
    if (event.event === 'done') expect(event.deposits).toBe(3);
  }
}

/** Flips the bit of the first letter, wherever the text lies in the packs. */
async function flip(text: string, home: string): Promise<void> {
  for (const path of await filesWith(text, home)) {
    if (!path.endsWith('.car')) continue;
    const pack = await readFile(path);
    for (let at = pack.indexOf(text); at >= 0; at = pack.indexOf(text, at + 1)) {
      pack[at] = (pack[at] ?? 0) ^ 0x20;
    }
    await writeFile(path, pack);
  }
}

async function filesWith(text: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}

it('loses the words about a person who is erased, down to the last byte, and is whole otherwise', async () => {
  using temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  await using archive = await openArchive(home);
  await takeIn(archive, temporary.path);
  const question = {
    policy: 'corroborated',
    purpose: 'search_index',
    requester: 'anyone',
  } as const;
  const at = '2026-11-24T10:00:00Z';
  const { release } = await cutRelease(
    { ...question, at, name: 'poems', version: '1.0.0', filter: {}, seed: '', url: '' },
    archive,
  );
  expect(await filesWith('Quillfeather', home)).not.toEqual([]);

  await erasePerson({ person: 'Ada Quillfeather', reason: 'request' }, archive);
  // A damaged line of somebody else may be hers as well: nothing is said to be done.
  await flip('Ben Vesperby', home);
  const failing = deleteErased({ isEarly: true }, archive);
  await expect(failing).rejects.toMatchObject({ code: 'block_corrupt' });
  expect([...archive.catalog.said('acknowledgement')]).toEqual([]);
  await flip('ben Vesperby', home);
  await Promise.all([1, 2].map(() => deleteErased({ isEarly: true }, archive)));
  expect([...archive.catalog.said('acknowledgement')]).toHaveLength(1);
  expect(await filesWith('Quillfeather', home)).toEqual([]);
  expect(await Array.fromAsync(archive.content.verify())).toEqual([]);

  const erased = ['ATTRIBUTION.txt', 'descriptions.jsonl'];
  const report = await archive.releases.verify(release);
  expect({ ...report, erased: report.erased.toSorted() }).toMatchObject({
    ...{ ok: true, assets: 3, problems: [], erased },
  });
  const out = join(temporary.path, 'out');
  const done = await archive.releases.export(release, out);
  expect(done.erased.toSorted()).toEqual(erased);
  const lines = (await readFile(join(out, 'ATTRIBUTION.txt'), 'utf8')).trimEnd().split('\n');
  expect(lines).toEqual([expect.stringContaining('"Poem 1" by Ben Vesperby')]);
  expect(await filesWith('Quillfeather', out)).toEqual([]);
  // Once more, as after an interruption: nothing is left to do.
  expect(await archive.releases.export(release, out)).toMatchObject({ kept: done.files });
  expect(await deleteErased({ isEarly: true }, archive)).toEqual({ records: 0, acknowledged: [] });
});
