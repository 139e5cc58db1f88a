import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script of `test/support/children`, kills it with SIGKILL when `when` resolves, and returns
 * the whole lines that it had written by then. A script that ends by itself is an error unless
 * `mayEnd`.
 */
export async function killedChild(
  script: string,
  args: readonly string[],
  when: (child: {
    readonly lines: () => readonly string[];
    readonly written: () => Promise<void>;
  }) => Promise<void>,
  mayEnd = false,
): Promise<readonly string[]> {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = once(child, 'close');
  const lines = () => output.split('\n').slice(0, -1);
  await Promise.race([when({ lines, written: () => written(child) }), ended]);
  child.kill('SIGKILL');
  const [code, signal] = await ended;
  if (signal !== 'SIGKILL' && !(mayEnd && code === 0)) {
    throw new Error(`${script} ended with ${code ?? signal}: ${complaint}`);
  }
  return lines();
}

async function written(child: ChildProcess): Promise<void> {
  if (child.stdout !== null) await once(child.stdout, 'data');
}
