import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { hasProgram } from '../support/has-program.ts';
import { spawnNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** For a node to start or to stop on a machine with much to do. */
const LONG_MS = 60_000;

const hasTerminals = hasProgram('script', '--version', /util-linux/);

describe('a terminal that closes', () => {
  it.skipIf(!hasTerminals)(
    'ends the node in it as SIGTERM does (skipped without "script" of util-linux)',
    async () => {
      using temporary = temporaryFolder();
      const home = join(temporary.path, 'home');
      await foundArchive(home, { name: 'Poems' });
      const log = join(temporary.path, 'node.log');
      const words = `exec ${process.execPath} ${MAIN} --home ${home} --json serve >${log}`;
      const terminal = spawn('script', ['-qc', words, '/dev/null'], { stdio: 'ignore' });
      const logged = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
      await expect.poll(logged, { timeout: LONG_MS }).toContain('"event":"started"');
      terminal.kill('SIGKILL');
      await once(terminal, 'exit');
      await expect.poll(logged, { timeout: LONG_MS }).toContain('the archive is closed');
    },
    2 * LONG_MS,
  );

  it(
    'is of no concern to a node that nohup started',
    async () => {
      using temporary = temporaryFolder();
      const home = join(temporary.path, 'home');
      await foundArchive(home, { name: 'Poems' });
      await using node = spawnNode(['nohup'], home);
      const { url } = await node.logged(({ event }) => event === 'listening');
      await node.logged(({ event }) => event === 'started');
      node.signal('SIGHUP');
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      expect(node.log.map(({ event }) => event)).not.toContain('stopping');
      node.signal('SIGTERM');
      expect(await node.ended).toEqual({ status: 0, signal: null });
    },
    LONG_MS,
  );
});
