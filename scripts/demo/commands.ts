import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Exit statuses of checks that find what the demonstration has brought about. */
export const UNSOUND = 4;
export const WITHDRAWN = 21;

const main = join('src', 'cli', 'main.ts');

/** Prints what comes next. */
export function show(sentence: string): void {
  console.log(`\n── ${sentence}`);
}

/**
 * Runs a verb of the command line, as `npx ringfence` would, and returns what it wrote to stdout.
 * Ends the demonstration if the verb fails.
 */
export async function ringfence(
  home: string,
  args: readonly string[],
  options: {
    readonly quiet?: boolean;
    /** A status that is no failure here. */
    readonly mayEnd?: number;
  } = {},
): Promise<string> {
  if (options.quiet !== true) tell(home, args);
  const all = [main, '--home', home, ...args];
  const { out, complaint, status } = await run(process.execPath, all, options);
  if (options.quiet !== true) process.stdout.write(out);
  if (status !== 0 && status !== options.mayEnd) {
    throw new Error(`"${args.join(' ')}" ended with status ${status}\n${complaint}`);
  }
  return out;
}

/** Starts the node of a home, as `npx ringfence serve` would; disposing stops it. */
export async function startNode(home: string, listen = 'off'): Promise<AsyncDisposable> {
  const args = ['serve', '--listen', listen, '--p2p', '/ip4/127.0.0.1/tcp/0'];
  tell(home, [...args, '&']);
  const child = spawn(process.execPath, [main, '--home', home, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const { event }: { event: string } = JSON.parse(line);
      if (event === 'started') resolve();
    });
  });
  await Promise.race([started, ended]);
  if (child.exitCode !== null) throw new Error(`the node of ${home} ended`);
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs a program of the system and shows the first lines of what it says; where it is missing, says so. */
export async function system(
  program: string,
  args: readonly string[],
  options: { readonly lines: number },
): Promise<void> {
  console.log(`$ ${program} ${args.join(' ')} | head -${options.lines}`);
  try {
    const { out } = await run(program, args);
    const lines = out.split('\n').filter((line) => line !== '');
    for (const line of lines.slice(0, options.lines)) console.log(line);
    console.log(`… ${lines.length} members`);
  } catch {
    console.log(`(${program} is not installed here)`);
  }
}

interface Ran {
  readonly out: string;
  /** What went to stderr; empty where it was shown as it came. */
  readonly complaint: string;
  readonly status: number | null;
}

function run(
  program: string,
  args: readonly string[],
  options: { readonly quiet?: boolean } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const stderr = options.quiet === true ? 'pipe' : 'inherit';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', stderr] });
    let out = '';
    let complaint = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ out, complaint, status }));
  });
}

/** Prints a command; the home is told where it is not that of the archive the demonstration founds. */
function tell(home: string, args: readonly string[]): void {
  const where = home.endsWith('home') ? [] : ['--home', home];
  console.log(`$ ringfence ${[...where, ...args].map(quoted).join(' ')}`);
}

/** An invitation is several hundred characters of no interest. */
function quoted(word: string): string {
  if (word.length > 120) return `${word.slice(0, 40)}…`;
  if (word === '&') return word;
  return /^[\w./:=@-]+$/.test(word) ? word : JSON.stringify(word);
}
