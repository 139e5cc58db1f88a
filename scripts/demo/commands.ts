import { spawn } from 'node:child_process';
import { join } from 'node:path';

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
  options: { readonly quiet?: boolean } = {},
): Promise<string> {
  if (options.quiet !== true) console.log(`$ ringfence ${args.map(quoted).join(' ')}`);
  const all = [main, '--home', home, ...args];
  const { out, complaint, status } = await run(process.execPath, all, options);
  if (options.quiet !== true) process.stdout.write(out);
  if (status !== 0) {
    throw new Error(`"${args.join(' ')}" ended with status ${status}\n${complaint}`);
  }
  return out;
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

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : JSON.stringify(word);
}
