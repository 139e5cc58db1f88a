import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import {
  errorOf,
  expectSame,
  expectSound,
  ingestInto,
  succeed,
  type Undisturbed,
  undisturbed,
} from '../support/bad-input.ts';
import { documents, runCommand } from '../support/command.ts';
import { type DiskKind, smallDisk, whyNoDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Every place where a disk may fill up under the real process. */

const temporary = temporaryFolder();
let calm: Undisturbed;

const FILES = 1_000;

const KINDS: readonly (readonly [DiskKind, string])[] = [
  ['tmpfs', whyNoDisk('tmpfs')],
  ['ext4', whyNoDisk('ext4')],
];

beforeAll(async () => {
  calm = await undisturbed(temporary.path, FILES);
});
afterAll(() => temporary[Symbol.dispose]());

for (const [kind, why] of KINDS) {
  describe.skipIf(why !== '')(`a disk (${kind}) that fills up${why}`, () => {
    /** Expects the run to say that the disk is full, and what is full. */
    async function expectFull(args: readonly string[], where: string): Promise<void> {
      const ran = await runCommand(args);
      expect(ran.status, `${ran.signal} ${ran.stdout}${ran.stderr}`).toBe(EXIT.full);
      const { code, message } = errorOf(ran);
      expect(code).toBe('disk_full');
      expect(message).toContain(where);
      expect(message).toMatch(/make room/);
      expect(ran.stderr).toBe('');
    }

    it('under the packs: says so, keeps what was taken, and goes on when there is room', async () => {
      using disk = smallDisk(64, kind);
      using folder = temporaryFolder();
      const home = join(folder.path, 'home');
      const packs = join(disk.path, 'packs');
      await succeed(['--home', home, 'init', '--institution', 'N', '--packs', packs]);
      for (const leaving of [2_000_000, 300_000, 0]) {
        disk.empty();
        disk.fill(leaving);
        await expectFull(ingestInto(home, calm.offered), packs);
        await expectSound(home);
      }
      disk.empty();
      await succeed(ingestInto(home, calm.offered));
      await expectSound(home);
      await expectSame(home, calm.expected);
    });

    it.each([4_000_000, 1_500_000, 500_000, 0])(
      'under ledger, catalog and index, with %i bytes left: loses nothing, and goes on',
      async (leaving) => {
        using disk = smallDisk(32, kind);
        using folder = temporaryFolder();
        const home = join(disk.path, 'home');
        await succeed([
          ...['--home', home, 'init', '--institution', 'N', '--packs', join(folder.path, 'packs')],
        ]);
        disk.fill(leaving);
        await expectFull(ingestInto(home, calm.offered), home);
        const verified = await runCommand(['--home', home, '--json', 'verify']);
        // With no room at all not even the lock can be taken; that is said in the same words.
        if (verified.status === EXIT.full) expect(errorOf(verified).code).toBe('disk_full');
        else expect(documents(verified)).toMatchObject([{ ok: true, problems: [] }]);
        disk.empty();
        await expectSound(home);
        await succeed(ingestInto(home, calm.offered));
        await expectSound(home);
        await expectSame(home, calm.expected);
        const usual = readdirSync(calm.filled);
        expect(
          readdirSync(home).filter((name) => !usual.includes(name) && name !== 'packs'),
        ).toEqual([]);
      },
    );

    it.each([400_000, 60_000])(
      'while a release is cut, with %i bytes left: records none, and cuts it when there is room',
      async (leaving) => {
        using disk = smallDisk(64, kind);
        const home = join(disk.path, 'home');
        await cp(calm.filled, home, { recursive: true });
        const cut = ['--home', home, '--json', 'release', 'cut', 'prints'];
        disk.fill(leaving);
        await expectFull(cut, home);
        disk.empty();
        await expectSound(home);
        expect((await succeed(['--home', home, '--json', 'release', 'list'])).stdout).toBe('');
        const [release] = documents(await succeed(cut)) as { release: string; assets: number }[];
        expect(release?.assets).toBe(calm.expected.assets.length);
        await succeed(['--home', home, 'release', 'verify', release?.release ?? '']);
        await expectSound(home);
      },
    );

    it('while a release is exported: leaves no half file, and finishes when there is room', async () => {
      using disk = smallDisk(24, kind);
      const home = join(temporary.path, `export-${kind}`);
      await cp(calm.filled, home, { recursive: true });
      const [cut] = documents(
        await succeed(['--home', home, '--json', 'release', 'cut', 'prints']),
      ) as { release: string }[];
      const out = join(disk.path, 'out');
      const args = [
        '--home',
        home,
        '--json',
        'release',
        'export',
        cut?.release ?? '',
        '--out',
        out,
      ];
      disk.fill(1_000_000);
      await expectFull(args, out);
      const left = existsSync(out) ? readdirSync(out) : [];
      expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
      disk.empty();
      await succeed(args);
      expect(readdirSync(out)).toContain('release.json');
    });

    it('when an archive is founded: founds it whole when there is room', async () => {
      using disk = smallDisk(8, kind);
      const home = join(disk.path, 'home');
      mkdirSync(home);
      for (const leaving of [0, 20_000, 60_000, 120_000, 200_000]) {
        disk.empty();
        disk.fill(leaving);
        const ran = await runCommand(['--home', home, '--json', 'init', '--name', 'N']);
        if (ran.status === EXIT.done) break;
        expect(ran.status, `${ran.signal} ${ran.stdout}${ran.stderr}`).toBe(EXIT.full);
        expect(errorOf(ran).code).toBe('disk_full');
      }
      disk.empty();
      const ran = await runCommand(['--home', home, 'init', '--name', 'N']);
      expect([EXIT.done, EXIT.noHome]).toContain(ran.status);
      await expectSound(home);
    });
  });
}
