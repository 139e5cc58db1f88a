import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openContentStore } from '../../src/content/open-content-store.ts';
import type { ReleaseMember } from '../../src/core/ports/release.ts';
import { noise, releaseMember, releaseRequest } from '../support/release-members.ts';
import { releaseSeal, releasesOver } from '../support/release-seal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SIZES = [0, 1, 511, 512, 513, 4000, 1_048_575, 1_048_576, 1_048_577, 5_000_000];

it('lives in packs: cut, closed, opened again, verified and exported', async () => {
  using folder = temporaryFolder();
  const options = {
    indexPath: join(folder.path, 'content.db'),
    packDirectories: [join(folder.path, 'packs')],
  };
  const { release, extraBytes, shards } = await cutFrom(options, folder.path);
  await using content = await openContentStore(options);
  const releases = releasesOver(content, folder.path);
  const report = await releases.verify(release);
  expect(report).toMatchObject({ ok: true, problems: [], assets: SIZES.length });
  const out = join(folder.path, 'out');
  expect(await releases.export(release, out)).toMatchObject({ kept: 0 });
  expect(readdirSync(out)).toContain(shards[0]?.name);
  expect(await Array.fromAsync(content.verify())).toEqual([]);
  expect(extraBytes).toBeLessThan(60_000);
});

async function cutFrom(options: Parameters<typeof openContentStore>[0], scratch: string) {
  await using content = await openContentStore(options);
  const members: ReleaseMember[] = [];
  for (const size of SIZES) {
    const bytes = noise(`asset ${size}`, size);
    const { cid, dagSize } = await content.putFile({ bytes });
    members.push(releaseMember({ cid, fileSize: size, dagSize }, bytes));
  }
  await content.sync(members.map(({ cid }) => cid));
  const releases = releasesOver(content, scratch);
  const before = await content.stats();
  const first = await releases.cut(releaseRequest, members, releaseSeal());
  const after = await content.stats();
  expect(await releases.cut(releaseRequest, members.toReversed(), releaseSeal())).toEqual(first);
  expect(await content.stats()).toEqual(after);
  expect(after.bytes).toBeGreaterThan(before.bytes);
  return first;
}
