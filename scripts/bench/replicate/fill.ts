import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openContentStore } from '../../../src/content/open-content-store.ts';
import type { WantedAsset } from '../../../src/core/ports/replica-wants.ts';

/** Writes random bytes as files, as one plain file and as a store, with a list of what is in it. */
export async function fill(folder: string, count: number, size: number): Promise<void> {
  await mkdir(join(folder, 'files'), { recursive: true });
  const plain = createWriteStream(join(folder, 'plain'));
  await using content = await openStore(folder);
  const assets: WantedAsset[] = [];
  for (let i = 0; i < count; i += 1) {
    const bytes = randomFillSync(Buffer.allocUnsafe(size));
    const path = join(folder, 'files', String(i));
    await writeFile(path, bytes);
    const { cid } = await content.putFile({ path });
    assets.push({ cid, size });
    if (!plain.write(bytes)) await once(plain, 'drain');
  }
  plain.end();
  await once(plain, 'close');
  await content.sync(assets.map(({ cid }) => cid));
  await writeFile(join(folder, 'assets.json'), JSON.stringify(assets));
}

/** The store of a folder, ours or one to be filled. */
export function openStore(folder: string) {
  return openContentStore({
    indexPath: join(folder, 'content.db'),
    packDirectories: [join(folder, 'packs')],
  });
}

/** What `fill` wrote there, or a copy of it. */
export async function readAssets(folder: string): Promise<WantedAsset[]> {
  return JSON.parse(await readFile(join(folder, 'assets.json'), 'utf8')) as WantedAsset[];
}
