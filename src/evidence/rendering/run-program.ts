import { spawn } from 'node:child_process';
import { ArchiveError } from '../../core/errors.ts';
import { BARE_ENVIRONMENT, boundedCommand, endGroup } from '../bounded-command.ts';
import { STATUS_LIMIT } from './picture-status.ts';

/** A foreign program with its arguments, and how much it may take. */
export interface Program {
  /** A name that is looked up in PATH, or an absolute path. */
  readonly name: string;
  readonly args: readonly string[];
  readonly seconds: number;
  /** Bytes that it may print, or write into one file. */
  readonly mostBytes: number;
  /** Where it runs: a private folder. */
  readonly folder?: string;
}

/** Address space of a program: what it needs for a picture or frame of the greatest size, and its own code. */
const MEMORY_BYTES = 4 * 1024 * 1024 * 1024;

/**
 * Runs a program on a file and returns what it prints. No shell, nothing of the environment but where programs and compiled code lie;
 * the system ends it when it takes more than it may, and with this process (`setpriv` and `prlimit` of
 * util-linux see to that). When the promise settles it and all that it started are gone.
 *
 * @throws {ArchiveError} `tool_missing`, `work_limit`, `media_unreadable` (the program gave up), `aborted`.
 */
export async function runProgram(
  { name, args, seconds, mostBytes, folder = '/' }: Program,
  input: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bounds = { memoryBytes: MEMORY_BYTES, fileBytes: mostBytes, cpuSeconds: seconds };
  const [command, boundedArgs] = await boundedCommand(name, args, bounds);
  const child = spawn(command, boundedArgs, {
    stdio: [input, 'pipe', 'ignore'],
    cwd: folder,
    // A group of its own, so that whatever it starts can be ended with it.
    detached: true,
    env: BARE_ENVIRONMENT,
  });
  return new Promise((resolve, reject) => {
    let failure: ArchiveError | undefined;
    const printed: Uint8Array[] = [];
    let length = 0;
    const end = (code: 'aborted' | 'work_limit', text: string) => {
      failure ??= new ArchiveError(code, `${name} ${text}`);
      endGroup(child.pid);
    };
    const timer = setTimeout(
      () => end('work_limit', `took longer than ${seconds} s`),
      seconds * 1000,
    );
    const abort = () => end('aborted', 'was told to stop');
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const { stdout } = child;
    stdout?.on('data', (chunk: Uint8Array) => {
      length += chunk.length;
      if (length > mostBytes) end('work_limit', `printed more than ${mostBytes} bytes`);
      else printed.push(chunk);
    });
    stdout?.on('error', () => end('work_limit', 'could not be heard'));
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    child.on('error', (cause) => {
      settle();
      reject(
        new ArchiveError('internal', `${name} cannot be started: ${cause.message}`, { cause }),
      );
    });
    child.on('close', (status, killedBy) => {
      settle();
      endGroup(child.pid);
      const fault = failure ?? faultOf(name, status, killedBy);
      if (fault === undefined) resolve(Buffer.concat(printed));
      else reject(fault);
    });
  });
}

/** Signals by which the system ends what has taken too much time, room or memory. */
const LIMITED: ReadonlySet<string | null> = new Set(['SIGXCPU', 'SIGXFSZ', 'SIGKILL', 'SIGABRT']);

function faultOf(
  name: string,
  status: number | null,
  killedBy: NodeJS.Signals | null,
): ArchiveError | undefined {
  if (status === 0) return undefined;
  if (LIMITED.has(killedBy) || status === STATUS_LIMIT) {
    return new ArchiveError('work_limit', `${name} needs more than it is given for these bytes`);
  }
  return new ArchiveError('media_unreadable', `${name} cannot read these bytes`);
}
