import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { examine } from '../../../src/archive/inspecting/examine.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openStores } from '../../../src/compose/open-archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('tells of a pack that is cut short, and of nothing while all is well', async () => {
  using folder = temporaryFolder();
  await foundArchive(folder.path, { name: 'Prints' });
  {
    await using stores = await openStores(folder.path);
    const { cid } = await stores.content.putFile({ bytes: Buffer.alloc(10_000, 'ink') });
    await stores.content.sync([cid]);
    expect(await examine(stores)).toMatchObject({ findings: [], unlisted: {} });
  }
  const pack = join(folder.path, 'packs', '00000001.car');
  truncateSync(pack, statSync(pack).size - 5_000);
  await using stores = await openStores(folder.path);
  const { findings } = await examine(stores);
  expect(findings).toEqual([
    { kind: 'damage', subject: pack, text: expect.stringContaining('restore it from a copy') },
  ]);
});

it('tells of a ledger that is damaged, and the way out', async () => {
  using folder = temporaryFolder();
  await foundArchive(folder.path, { name: 'Prints' });
  const path = join(folder.path, 'ledger.db');
  const bytes = readFileSync(path);
  // Room that is not in use: opening the file meets nothing wrong.
  const room = bytes.indexOf(Buffer.alloc(500), 40_960);
  expect(room).toBeGreaterThan(0);
  bytes[room + 250] = 1;
  writeFileSync(path, bytes);
  await using stores = await openStores(folder.path);
  const { findings } = await examine(stores);
  const way = expect.stringMatching(/"ringfence verify".*"ringfence restore --from BACKUP/);
  expect(findings).toEqual([{ kind: 'damage', subject: path, text: way }]);
});
