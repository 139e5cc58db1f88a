import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/evidence/rendering/run-program.ts';
import { hasProgram } from '../support/has-program.ts';

const hasLimits =
  hasProgram('setpriv', '--version', /util-linux/) &&
  hasProgram('prlimit', '--version', /util-linux/);

/** Runs a script of the shell, which is what stands for a program that bytes have taken over. */
async function run(script: string, seconds = 20, signal?: AbortSignal): Promise<string> {
  await using nothing = await open('/dev/null');
  const program = { name: 'sh', args: ['-c', script], seconds, mostBytes: 10_000 };
  return Buffer.from(await runProgram(program, nothing.fd, signal)).toString();
}

describe.skipIf(!hasLimits)('a foreign program (skipped without setpriv and prlimit)', () => {
  it('is told nothing of the environment but where programs and compiled code lie', async () => {
    const names = (await run('env')).split('\n').map((line) => line.split('=')[0] ?? '');
    expect(names.filter((name) => /^(HOME|USER|RINGFENCE.*|LD_.*)$/.test(name))).toEqual([]);
  });

  it('is ended with all that it started when its time is over', async () => {
    await expect(run('sleep 30 & echo $! ; sleep 30', 1)).rejects.toMatchObject({
      code: 'work_limit',
    });
  });

  it('is ended when it prints more than it may', async () => {
    await expect(run('yes')).rejects.toMatchObject({ code: 'work_limit' });
  });

  it('is ended when the caller gives up', async () => {
    const giving = new AbortController();
    const running = run('kill -STOP $$; echo done', 20, giving.signal);
    giving.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });

  it('has so much memory, output and time as it is given and no more', async () => {
    expect(await run('ulimit -v; ulimit -f; ulimit -t; ulimit -c')).toBe('4194304\n19\n20\n0\n');
  });

  it('that fails says that the bytes cannot be read', async () => {
    await expect(run('exit 7')).rejects.toMatchObject({ code: 'media_unreadable' });
  });
});
