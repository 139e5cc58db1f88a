import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { summariseArchive } from './archive-summary.ts';
import { documents, type Ran, runCommand } from './command.ts';
import { makeDrawings } from './drawings.ts';

/** A founded home, files to offer, and what an undisturbed run makes of them. */
export interface Undisturbed {
  /** A home in which nothing but its founding has happened. */
  readonly founded: string;
  /** The same home after the ingest, for those that only read. */
  readonly filled: string;
  readonly offered: string;
  readonly expected: Awaited<ReturnType<typeof summariseArchive>>;
  /** How long the ingest took. */
  readonly spanMs: number;
}

/** Founds a home below `folder`, copies it, and ingests `files` drawings into the copy. */
export async function undisturbed(folder: string, files: number): Promise<Undisturbed> {
  const founded = join(folder, 'founded');
  const filled = join(folder, 'filled');
  const offered = join(folder, 'drawings');
  await makeDrawings(offered, files);
  await succeed(['--home', founded, 'init', '--name', 'N', '--institution', 'N']);
  await cp(founded, filled, { recursive: true });
  const started = performance.now();
  await succeed(ingestInto(filled, offered));
  const spanMs = performance.now() - started;
  return { founded, filled, offered, expected: await summariseArchive(filled), spanMs };
}

export function ingestInto(home: string, offered: string): readonly string[] {
  const catalogue = join(offered, 'catalog.csv');
  return ['--home', home, '--json', 'ingest', offered, '--catalog', catalogue, '--custody'];
}

/** Runs the command and expects it to be done. */
export async function succeed(args: readonly string[]): Promise<Ran> {
  const ran = await runCommand(args);
  expect(ran.status, `${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toBe(EXIT.done);
  return ran;
}

/** Expects the archive to be sound by `verify`. */
export async function expectSound(home: string): Promise<void> {
  const ran = await succeed(['--home', home, '--json', 'verify']);
  expect(documents(ran)).toMatchObject([{ ok: true, problems: [] }]);
}

/** Expects the archive to say what one does that was never disturbed. */
export async function expectSame(home: string, expected: Undisturbed['expected']): Promise<void> {
  const summary = await summariseArchive(home);
  expect(summary.assets).toEqual(expected.assets);
  expect(summary.verdicts).toEqual(expected.verdicts);
  expect(summary.statements).toEqual(expected.statements);
}

/** Returns the failure that a run with `--json` ended with. */
export function errorOf(ran: Ran): { readonly code: string; readonly message: string } {
  const last = documents(ran).at(-1) as { error?: { code: string; message: string } } | undefined;
  expect(last?.error, `${ran.status}: ${ran.stdout}${ran.stderr}`).toBeDefined();
  return last?.error ?? { code: '', message: '' };
}
