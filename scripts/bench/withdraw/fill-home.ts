import { hash, randomBytes } from 'node:crypto';
import { setCollection } from '../../../src/archive/governing/set-collection.ts';
import { collectionOf } from '../../../src/archive/taking/deposit-of.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openArchive } from '../../../src/compose/open-archive.ts';
import { createSet } from '../../../src/core/statements/set.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { custodyOf, deposits, type ToldFile } from '../catalog/made-up-assets.ts';

const PER_ENTRY = 500;
const COLLECTION = 'main';

/** Founds an archive with so many stored assets of 1 to 9 KB, eligible and public, and returns them. */
export async function fillHome(home: string, count: number): Promise<readonly ToldFile[]> {
  await foundArchive(home, { name: 'Bench', institution: 'Bench' });
  await using archive = await openArchive(home);
  const { content, ledger, catalog } = archive;
  const files: ToldFile[] = [];
  for (let i = 0; i < count; i += 1) {
    const bytes = randomBytes(1_000 + ((i * 7919) % 8_000));
    const { cid: asset, size } = await content.putFile({ bytes });
    const sum = hash('sha256', bytes);
    const told = { mediaType: 'image/png', licence: 'CC0-1.0', isGenerated: false };
    files.push({ asset, size, sha256: sum, ...told });
  }
  const assets = files.map(({ asset }) => asset);
  await content.sync(assets);
  const { id } = collectionOf(COLLECTION, archive);
  for (let start = 0; start < count; start += PER_ENTRY) {
    const end = Math.min(count, start + PER_ENTRY);
    await ledger.append(deposits(start, end, (i) => files[i] as ToldFile, id));
  }
  const set = createSet(assets, sha256);
  const custody = custodyOf(set.cid, ledger);
  await ledger.append({ statements: [custody], records: [], documents: set.blocks });
  await setCollection({ name: COLLECTION, visibility: 'public', readers: [] }, archive);
  await catalog.catchUp();
  return files;
}
