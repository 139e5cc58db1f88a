import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openContentStore } from '../../src/content/open-content-store.ts';
import type { ReleaseMember } from '../../src/core/ports/release.ts';
import { noise, releaseMember, releaseRequest } from '../support/release-members.ts';
import { releaseSeal, releasesOver } from '../support/release-seal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Kubo: named by RINGFENCE_IPFS, on the path, or where `go install` puts it. */
const kubo = [process.env['RINGFENCE_IPFS'], 'ipfs', join(goPath(), 'bin', 'ipfs')].find(
  (path) => path !== undefined && spawnSync(path, ['version']).status === 0,
);

const SIZES = [0, 1, 511, 512, 513, 40_000, 1_048_576, 1_048_577, 7_000_000];

describe.skipIf(kubo === undefined)(
  'a release in Kubo (skipped where there is no ipfs: go install github.com/ipfs/kubo/cmd/ipfs@latest)',
  () => {
    it('is imported from the packs, and read as the files that are exported', async () => {
      using folder = temporaryFolder();
      const packs = join(folder.path, 'packs');
      const exported = join(folder.path, 'exported');
      const { release, members, shards } = await cutAndExport(folder.path, packs, exported);
      const env = { ...process.env, IPFS_PATH: join(folder.path, 'ipfs') };
      const ipfs = (...args: string[]) => execFileSync(kubo ?? '', args, { env, encoding: 'utf8' });
      ipfs('init', '--empty-repo');
      const cars = readdirSync(packs).filter((name) => name.endsWith('.car'));
      expect(cars).not.toEqual([]);
      for (const car of cars)
        ipfs('--offline', 'dag', 'import', '--pin-roots=false', join(packs, car));
      const got = join(folder.path, 'got');
      ipfs('--offline', 'get', '-o', got, release);
      expect(readdirSync(got).sort()).toEqual(readdirSync(exported).sort());
      for (const name of readdirSync(got)) {
        expect(readFileSync(join(got, name)).equals(readFileSync(join(exported, name)))).toBe(true);
      }
      const listed = shards.flatMap(({ name }) =>
        execFileSync('tar', ['-tf', join(got, name)], { encoding: 'utf8' })
          .trimEnd()
          .split('\n'),
      );
      const names = members.flatMap(({ cid }) => [`${cid}.png`, `${cid}.json`]);
      expect(listed.sort()).toEqual(names.sort());
      // A range that begins in a header and ends in an asset, through Kubo's own seeking reader.
      const [shard] = shards;
      const range = ['--offset', '300', '--length', '2000000', shard?.cid ?? ''];
      const part = execFileSync(kubo ?? '', ['--offline', 'cat', ...range], {
        env,
        maxBuffer: 4_000_000,
      });
      const whole = readFileSync(join(exported, shard?.name ?? ''));
      expect(part.equals(whole.subarray(300, 2_000_300))).toBe(true);
    });
  },
);

async function cutAndExport(home: string, packs: string, exported: string) {
  await using content = await openContentStore({
    indexPath: join(home, 'content.db'),
    packDirectories: [packs],
  });
  const members: ReleaseMember[] = [];
  for (const size of SIZES) {
    const bytes = noise(`asset ${size}`, size);
    const { cid, dagSize } = await content.putFile({ bytes });
    members.push(releaseMember({ cid, fileSize: size, dagSize }, bytes));
  }
  const releases = releasesOver(content, home);
  const { release, shards } = await releases.cut(releaseRequest, members, releaseSeal());
  await releases.export(release, exported);
  return { release, members, shards };
}

function goPath(): string {
  const { status, stdout } = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
