import type { Command } from 'commander';
import type { Operation } from '../archive/operations/operation.ts';
import type { ExitCode } from './exit-codes.ts';
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

/** So many items are written before the reader of a pipe is waited for. */
const ITEMS_AHEAD = 500;

/**
 * Runs an operation on the archive of the context's home and returns its result; `onItem` is given
 * each item of its stream. One that changes something goes on where nobody reads the answer any more.
 */
export async function perform<Input, Result, Item>(
  { output, signal, home }: Context,
  operation: Operation<Input, Result, Item>,
  input: Input,
  onItem: (item: Item) => void = () => {},
): Promise<Result> {
  if (operation.changes) output.outliveReader();
  const { runOperation } = await import('../compose/run-operation.ts');
  let items = 0;
  return runOperation(home, operation, input, {
    signal,
    progress: output.progress,
    notice: output.notice,
    async item(item) {
      onItem(item);
      items += 1;
      if (items % ITEMS_AHEAD === 0) await output.flush();
    },
  });
}
