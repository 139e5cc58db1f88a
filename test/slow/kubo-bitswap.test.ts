import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkAsset } from '../../src/archive/copies/check-asset.ts';
import { parseCid } from '../../src/core/cid.ts';
import { kuboProgram, startKubo } from '../support/kubo-node.ts';
import { openPublicHome } from '../support/public-home.ts';
import { openReleaseHome } from '../support/release-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MiB = 1_048_576;

describe.skipIf(kuboProgram === undefined)(
  'bitswap with Kubo (skipped where there is no ipfs: npm run interop builds one)',
  () => {
    it('gives Kubo public files of one block and of many, and no private one', async () => {
      using folder = temporaryFolder();
      await using home = await openPublicHome();
      await using kubo = await startKubo(kuboProgram ?? '');
      const files = [1, 40_000, MiB, MiB + 1, 33 * MiB + 5].map((size) => randomBytes(size));
      const cids = [];
      for (const bytes of files) cids.push(await home.deposit('open', bytes));
      const secret = await home.deposit('closed', randomBytes(70_000));
      await home.show('open', 'public');
      await kubo.ipfs('swarm', 'connect', home.address);
      for (const [i, bytes] of files.entries()) {
        const got = join(folder.path, `${i}`);
        await kubo.ipfs('get', '-o', got, cids[i] ?? '');
        expect((await readFile(got)).equals(bytes)).toBe(true);
      }
      await expect(kubo.ipfs('--timeout=3s', 'block', 'get', secret)).rejects.toThrow();
      // Another file goes through at once all the same.
      const more = await home.deposit('open', Buffer.from('more'));
      expect(await kubo.ipfs('cat', more)).toBe('more');
      expect(home.node.peers.network.complaints()).toEqual([]);
    });

    it('gives Kubo a public release, which reads it by its CID alone', async () => {
      using folder = temporaryFolder();
      const works = { 'a.bin': randomBytes(90_000), 'b.bin': randomBytes(3 * MiB + 7) };
      await using home = await openReleaseHome(works);
      const { archive, peers } = home.node;
      await using kubo = await startKubo(kuboProgram ?? '');
      await home.show('public');
      await kubo.ipfs('swarm', 'connect', peers.network.addresses[0] ?? '');
      const got = join(folder.path, 'got');
      await kubo.ipfs('get', '-o', got, home.release);
      const kept = join(folder.path, 'kept');
      await archive.releases.export(parseCid(home.release), kept);
      expect(readdirSync(got).sort()).toEqual(readdirSync(kept).sort());
      for (const name of readdirSync(kept)) {
        const [one, other] = await Promise.all([got, kept].map((at) => readFile(join(at, name))));
        expect([name, one?.equals(other ?? Buffer.alloc(0))]).toEqual([name, true]);
      }
      expect(peers.network.complaints()).toEqual([]);
    });

    it('fetches from Kubo what is wanted and lost, if the settings name it', async () => {
      using folder = temporaryFolder();
      await using kubo = await startKubo(kuboProgram ?? '');
      await using home = await openPublicHome({ peers: [kubo.address] });
      const bytes = randomBytes(5 * MiB + 3);
      const path = join(folder.path, 'file');
      await writeFile(path, bytes);
      const cid = await home.deposit('prints', bytes);
      const profile = ['--cid-version=1', '--raw-leaves', '--chunker=size-1048576'];
      expect(await kubo.ipfs('add', '--quieter', ...profile, path)).toBe(cid);
      const { archive, peers } = home.node;
      await vi.waitFor(() =>
        expect(peers.network.peers()).toMatchObject([{ standing: 'visitor' }]),
      );
      const [, segment] = await archive.content.locate(cid);
      const stored = await readFile(segment?.path ?? '');
      const at = segment?.offset ?? 0;
      stored[at] = (stored[at] ?? 0) ^ 1;
      await writeFile(segment?.path ?? '', stored);
      const asset = { cid, size: bytes.length };
      const { outcome, damaged } = await checkAsset(archive.content, asset);
      expect(outcome).toBe('corrupt');
      await peers.services.replica.repair([{ root: cid, size: bytes.length, damaged }]);
      const parts = await Array.fromAsync(archive.content.read(cid), (part) => Buffer.from(part));
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    });
  },
);
