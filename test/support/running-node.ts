import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface LoggedLine {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly text: string;
  readonly [detail: string]: unknown;
}

/** A node in its own process. Disposal kills it if it still runs. */
export interface TestNode extends AsyncDisposable {
  /** What it has logged so far. */
  readonly log: readonly LoggedLine[];
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the first line, old or new, that the test is looking for. */
  logged(isWanted: (line: LoggedLine) => boolean): Promise<LoggedLine>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{
    readonly status: number | null;
    readonly signal: NodeJS.Signals | null;
  }>;
}

/** Starts the real node of a home and waits until it says that it runs. */
export async function startNode(home: string, ...options: readonly string[]): Promise<TestNode> {
  const node = spawnNode([], home, ...options);
  await node.logged(({ event }) => event === 'started');
  return node;
}

/** Starts a node behind the words of another command, such as one that runs it on another host. */
export function spawnNode(
  prefix: readonly string[],
  home: string,
  ...options: readonly string[]
): TestNode {
  const words = [process.execPath, MAIN, '--home', home, '--json', 'serve', ...options];
  const [program = '', ...args] = [...prefix, ...words];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log: LoggedLine[] = [];
  const seekers = new Set<() => void>();
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  // A test that runs out of time disposes nothing.
  const cutOff = () => child.kill('SIGKILL');
  process.once('exit', cutOff);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    log.push(JSON.parse(line));
    for (const seek of seekers) seek();
  });
  const ended = once(child, 'exit').then(([status, signal]) => {
    process.off('exit', cutOff);
    for (const seek of seekers) seek();
    return { status, signal };
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const logged = (isWanted: (line: LoggedLine) => boolean) =>
    new Promise<LoggedLine>((resolve, reject) => {
      const seek = () => {
        const found = log.find(isWanted);
        if (found === undefined && !hasEnded()) return;
        seekers.delete(seek);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the node ended first: ${JSON.stringify(log)} ${complaints}`));
      };
      seekers.add(seek);
      seek();
    });
  return {
    log,
    pid: child.pid ?? 0,
    signal: (name) => child.kill(name),
    logged,
    ended,
    async [Symbol.asyncDispose]() {
      if (!hasEnded()) child.kill('SIGKILL');
      await ended;
    },
  };
}
