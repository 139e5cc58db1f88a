import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents } from '../support/command.ts';
import { poemHome } from '../support/poem-home.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** A device on which every write fails as on a full disk. Linux has it. */
const FULL = '/dev/full';

describe('an answer that reaches nobody', () => {
  const { temporary, home, run } = poemHome();

  it.skipIf(!existsSync(FULL)).each([['status'], ['status', '--json'], ['checkpoint'], ['--help']])(
    'is a failure and told where the disk of stdout is full: %s %s',
    async (...args) => {
      await using full = await open(FULL, 'w');
      const child = spawn(process.execPath, [MAIN, '--home', home, ...args], {
        stdio: ['ignore', full.fd, 'pipe'],
      });
      const [complaint, [status]] = await Promise.all([
        text(child.stderr as Readable),
        once(child, 'close'),
      ]);
      expect(status).toBe(EXIT.full);
      expect(complaint).toMatch(/^ringfence: the answer is lost[^\n]+\[disk_full\]\n$/);
    },
  );

  it('ends no work that changes something, when the reader of a pipe has gone away', async () => {
    const args = [MAIN, '--home', home, 'ingest', 'nowhere', 'poem.txt', '--json'];
    const child = spawn(process.execPath, args, {
      cwd: temporary.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const [complaint, [status]] = await Promise.all([
      text(child.stderr as Readable),
      once(child, 'close'),
    ]);
    expect(complaint).toBe('');
    expect(status).toBe(EXIT.incomplete);
    expect(documents(await run('list', '--json'))).toHaveLength(1);
  });
});
