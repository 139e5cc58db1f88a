import type { Operation } from '../../src/archive/operations/operation.ts';
import { runOperation } from '../../src/compose/run-operation.ts';

/**
 * Asks an archive what the demonstration itself has to know, without a command that is shown; through
 * its node where one runs.
 */
export async function ask<Input, Result, Item>(
  home: string,
  operation: Operation<Input, Result, Item>,
  input: Input,
): Promise<{ readonly result: Result; readonly items: readonly Item[] }> {
  const items: Item[] = [];
  const result = await runOperation(home, operation, input, {
    signal: new AbortController().signal,
    progress: () => {},
    notice: () => {},
    item: async (item) => void items.push(item),
  });
  return { result, items };
}
