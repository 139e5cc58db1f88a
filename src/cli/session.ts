import type { Command } from 'commander';
import { type OpenedArchive, openArchive } from '../compose/open-archive.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

/** What a verb works with: where to write, when to stop, which home. */
export interface Context {
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly home: string;
}

/** Connects a verb to the command line; the status it returns is the process's. */
export type Bind = (
  command: Command,
  work: (context: Context, ...inputs: never[]) => Promise<ExitCode>,
) => void;

/** Opens the archive of the context's home for one piece of work, and closes it whatever happens. */
export async function withArchive(
  context: Context,
  work: (archive: OpenedArchive) => Promise<ExitCode | undefined>,
): Promise<ExitCode> {
  await using archive = await openArchive(context.home, {
    onNotice: (text) => context.output.notice(text),
  });
  return (await work(archive)) ?? EXIT.done;
}
