import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { runCommand } from './command.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A home that `init` has made before the tests of a suite, beside a poem that may be offered to it. */
export function poemHome() {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const run = (...args: string[]) => runCommand(['--home', home, ...args], { cwd: temporary.path });
  beforeAll(async () => {
    expect((await run('init')).status).toBe(EXIT.done);
    await writeFile(join(temporary.path, 'poem.txt'), 'a poem');
  });
  afterAll(() => temporary[Symbol.dispose]());
  return { temporary, home, run };
}
