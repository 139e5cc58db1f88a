import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NODE_FLAGS } from '../node-flags.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

type Document = Readonly<Record<string, unknown>>;

/** A home that the real command line works on. */
export interface Home {
  /** Runs a verb and returns what it answers, one document a line. */
  run(...words: readonly string[]): Promise<readonly Document[]>;
  serve(): Promise<ServedHome>;
}

interface ServedHome extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

export function homeIn(home: string): Home {
  const all = (words: readonly string[]) => [MAIN, '--home', home, '--json', ...words];
  return {
    async run(...words) {
      const options = { maxBuffer: 1e9 };
      const { stdout } = await promisify(execFile)(process.execPath, all(words), options);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
    serve: () => served(all(['serve', '--p2p', '/ip4/127.0.0.1/tcp/0'])),
  };
}

async function served(words: readonly string[]): Promise<ServedHome> {
  const child = spawn(process.execPath, [...NODE_FLAGS, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    // Its log is read for as long as it runs.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told: Document = JSON.parse(line);
      if (told['event'] === 'listening' && 'url' in told) resolve(String(told['url']));
    });
    child.once('exit', () => reject(new Error('the node ended before it listened')));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
