import type { Operation, Telling } from '../archive/operations/operation.ts';
import { openArchive, openStores } from './open-archive.ts';

/**
 * Runs an operation on the archive of a home, which is opened for it and closed whatever happens.
 *
 * @throws {ArchiveError} as `openArchive` and the operation.
 */
export async function runOperation<Input, Result, Item>(
  home: string,
  operation: Operation<Input, Result, Item>,
  input: Input,
  telling: Telling<Item>,
): Promise<Result> {
  if (operation.opens === 'stores') {
    await using stores = await openStores(home);
    return await operation.run(stores, input, telling);
  }
  await using archive = await openArchive(home, { onNotice: telling.notice });
  return await operation.run(archive, input, telling);
}
