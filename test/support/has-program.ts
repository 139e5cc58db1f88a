import { spawnSync } from 'node:child_process';

/** Whether a program can be run and says what is expected of it. */
export function hasProgram(name: string, argument: string, expected: RegExp): boolean {
  const { status, stdout, stderr } = spawnSync(name, [argument], { encoding: 'utf8' });
  return status === 0 && expected.test(stdout + stderr);
}
