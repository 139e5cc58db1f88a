import { askNode } from '../../src/http/operations/ask-node.ts';
import { silent } from './silent.ts';

/** Has the running node of a home perform an operation, and returns its result. */
export async function performIn(home: string, name: string, input: unknown): Promise<unknown> {
  const asked = await askNode(home, name, input, silent);
  if (asked === undefined) throw new Error(`no node of ${home} runs`);
  return asked.result;
}
