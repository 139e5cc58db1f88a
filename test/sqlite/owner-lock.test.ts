import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { acquireOwnerLock } from '../../src/sqlite/owner-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const lockModule = new URL('../../src/sqlite/owner-lock.ts', import.meta.url).href;

/** Starts another process that takes the lock, says so and then waits to be killed. */
async function otherOwner(folder: string) {
  const script = `
    import { acquireOwnerLock } from ${JSON.stringify(lockModule)};
    globalThis.lock = acquireOwnerLock(${JSON.stringify(folder)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

it('refuses a second owner by naming the first, and takes over when that one is killed', async () => {
  using folder = temporaryFolder();
  const child = await otherOwner(folder.path);
  try {
    expect(() => acquireOwnerLock(folder.path)).toThrow(
      expect.objectContaining({
        code: 'home_locked',
        message: expect.stringMatching(new RegExp(`process ${child.pid} on .*started 2`)),
      }),
    );
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  acquireOwnerLock(folder.path)[Symbol.dispose]();
});

it('holds within one process and can be taken again after it is given up', () => {
  using folder = temporaryFolder();
  {
    using _lock = acquireOwnerLock(folder.path);
    expect(() => acquireOwnerLock(folder.path)).toThrow(
      expect.objectContaining({ code: 'home_locked' }),
    );
  }
  acquireOwnerLock(folder.path)[Symbol.dispose]();
});
