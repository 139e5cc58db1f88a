import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The harmless file that virus scanners are tested with, in two parts so that this one is none. */
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(
  '',
);

describe.skipIf(!hasProgram('clamd', '--version', /^ClamAV/))(
  'screening by clamd (skipped where it is not installed)',
  () => {
    const folder = temporaryFolder();
    const socket = join(folder.path, 'clamd.ctl');
    let clamd: ChildProcess;

    beforeAll(async () => {
      const signatures = join(folder.path, 'signatures');
      await mkdir(signatures);
      const md5 = createHash('md5').update(EICAR).digest('hex');
      await writeFile(join(signatures, 'own.hdb'), `${md5}:${EICAR.length}:Eicar-Own\n`);
      const lines = [
        `LocalSocket ${socket}`,
        `DatabaseDirectory ${signatures}`,
        'Foreground yes',
        'StreamMaxLength 1M',
        'User root',
      ];
      await writeFile(join(folder.path, 'clamd.conf'), `${lines.join('\n')}\n`);
      clamd = spawn('clamd', ['--config-file', join(folder.path, 'clamd.conf')], {
        stdio: 'ignore',
      });
      await vi.waitFor(() => expect(existsSync(socket)).toBe(true), 60_000);
    }, 90_000);

    afterAll(() => {
      clamd.kill();
      folder[Symbol.dispose]();
    });

    it('quarantines what it finds and what is too large for it, and takes in the rest', async () => {
      const home = join(folder.path, 'home');
      const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);
      const offered = join(folder.path, 'offered');
      await mkdir(offered);
      await writeFile(join(offered, 'a.txt'), EICAR);
      await writeFile(join(offered, 'b.txt'), 'a text');
      await writeFile(join(offered, 'c.bin'), Buffer.alloc(9_000_000, 'x'));
      expect((await run('init', '--name', 'N')).status).toBe(0);
      const path = join(home, 'ringfence.json');
      const settings = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...settings, screening: { clamd: socket } }));
      expect(documents(await run('ingest', offered))).toMatchObject([
        { event: 'quarantined', reason: 'malware', tool: 'clamav:Eicar-Own.UNOFFICIAL' },
        { event: 'quarantined', reason: 'not-screened', tool: 'clamav' },
        { event: 'done', deposits: 3, failed: 0 },
      ]);
      expect(documents(await run('quarantine', 'scan'))).toMatchObject([
        { screened: 3, quarantined: 0 },
      ]);
    }, 120_000);
  },
);
