import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ArchiveError } from '../core/errors.ts';

/** What the system lets a program take. */
export interface Bounds {
  /** Bytes of address space. */
  readonly memoryBytes: number;
  /** Bytes that it may write into one file. */
  readonly fileBytes: number;
  /** Seconds of processor time. */
  readonly cpuSeconds: number;
}

const FILES = 128;

/** Nothing that tells about the user; where compiled code is kept halves the start of our own workers. */
export const BARE_ENVIRONMENT: NodeJS.ProcessEnv = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/**
 * Returns how to start a program, by a name that is looked up in PATH or an absolute path, so that the
 * system bounds it and ends it with the thread that starts it (`setpriv` and `prlimit` of util-linux).
 *
 * @throws {ArchiveError} `tool_missing`.
 */
export async function boundedCommand(
  name: string,
  args: readonly string[],
  { memoryBytes, fileBytes, cpuSeconds }: Bounds,
): Promise<readonly [command: string, args: readonly string[]]> {
  const [setpriv = '', prlimit = '', program = ''] = await Promise.all(
    ['setpriv', 'prlimit', name].map(pathOf),
  );
  const limits = [`--as=${memoryBytes}`, `--fsize=${fileBytes}`, `--cpu=${cpuSeconds}`];
  const bounded = [prlimit, ...limits, '--core=0', `--nofile=${FILES}`, '--', program, ...args];
  return [setpriv, ['--pdeathsig', 'KILL', '--no-new-privs', '--', ...bounded]];
}

/** Ends a process that leads a group of its own, with all that it started. */
export function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/**
 * Returns where a program lies.
 *
 * @throws {ArchiveError} `tool_missing`.
 */
async function pathOf(name: string): Promise<string> {
  if (name.startsWith('/')) return name;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!folder.startsWith('/')) continue;
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new ArchiveError('tool_missing', `${name} is not installed; install it and try again`);
}
