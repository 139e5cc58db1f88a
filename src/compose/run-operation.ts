import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Operation, Telling } from '../archive/operations/operation.ts';
import { ArchiveError } from '../core/errors.ts';
import { SOCKET_NAME } from '../http/connections/node-socket.ts';

/** Another process may have the home open for a moment: a short verb, a node that starts or stops. */
const RETRY_MS = 250;
const MOST_RETRIES = 20;

/**
 * Runs an operation on the archive of a home: in the running node if there is one, else here, where
 * the archive is opened for it and closed whatever happens.
 *
 * Waits up to five seconds for a process that has the home open and is no node.
 *
 * @throws {ArchiveError} as `openArchive`, `askNode` and the operation.
 */
export async function runOperation<Input, Result, Item>(
  home: string,
  operation: Operation<Input, Result, Item>,
  input: Input,
  telling: Telling<Item>,
): Promise<Result> {
  for (let retries = 0; ; retries += 1) {
    const asked = await inNode(home, operation.name, input, telling);
    // The node runs the same operation of the same version, or says that it cannot.
    if (asked !== undefined) return asked.result as Result;
    const ran = await here(home, operation, input, telling, retries < MOST_RETRIES);
    if (ran !== undefined) return ran.result;
    await setTimeout(RETRY_MS);
    if (telling.signal.aborted) throw new ArchiveError('aborted', 'interrupted');
  }
}

async function inNode<Item>(
  home: string,
  name: string,
  input: unknown,
  telling: Telling<Item>,
): Promise<{ readonly result: unknown } | undefined> {
  try {
    await access(join(home, SOCKET_NAME));
  } catch {
    return undefined;
  }
  const { askNode } = await import('../http/operations/ask-node.ts');
  return askNode(home, name, input, {
    ...telling,
    // As with the result.
    item: (item) => telling.item(item as Item),
  });
}

/** Returns undefined if another process has the home open, and somebody has the patience to wait. */
async function here<Input, Result, Item>(
  home: string,
  operation: Operation<Input, Result, Item>,
  input: Input,
  telling: Telling<Item>,
  isPatient: boolean,
): Promise<{ readonly result: Result } | undefined> {
  const { openArchive, openStores } = await import('./open-archive.ts');
  if (operation.opens === 'stores') {
    await using stores = await unlessLocked(() => openStores(home), isPatient);
    if (stores === undefined) return undefined;
    return { result: await operation.run(stores, input, telling) };
  }
  const options = {
    onNotice: telling.notice,
    isCatalogStale: operation.opens === 'stale-archive',
  };
  await using archive = await unlessLocked(() => openArchive(home, options), isPatient);
  if (archive === undefined) return undefined;
  return { result: await operation.run(archive, input, telling) };
}

async function unlessLocked<T>(open: () => Promise<T>, isPatient: boolean): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    const isLocked = error instanceof ArchiveError && error.code === 'home_locked';
    if (isLocked && isPatient) return undefined;
    throw error;
  }
}
