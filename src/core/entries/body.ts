import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { decodeBatch } from '../statements/batch.ts';
import type { StatementOutline } from '../statements/statement.ts';
import { readStatement } from '../statements/statement.ts';
import type { Entry } from './entry.ts';

/** Kinds that do not by themselves call for a checkpoint (ledger.md §6). */
const UPKEEP: ReadonlySet<string> = new Set(['checkpoint', 'holding', 'fixity', 'receipt']);

/** Says whether an entry with these statements calls for a checkpoint over it. */
export function callsForCheckpoint(statements: readonly StatementOutline[]): boolean {
  return statements.some((statement) => !UPKEEP.has(statement.kind));
}

/**
 * Returns the statements of an entry, from its batch or inline, if it is acceptable with them.
 *
 * A pure function of the two blocks. `batch` is the block whose CID the entry names, undefined where
 * it names none.
 *
 * @throws {ArchiveError} `entry_rejected` if the batch breaks its frozen outline, or the one entry
 * without parents does not hold the checkpoint of an empty log.
 */
export function readBody(entry: Entry, batch: Uint8Array | undefined): readonly StatementOutline[] {
  const statements = 'statement' in entry.payload ? [entry.payload.statement] : decoded(batch);
  if (entry.next.length === 0) checkFounding(statements);
  return statements;
}

/** Returns the CID of the batch an entry commits to; undefined where its statement stands inline. */
export function batchOf(entry: Entry): Cid | undefined {
  return 'batch' in entry.payload ? entry.payload.batch : undefined;
}

function decoded(batch: Uint8Array | undefined): readonly StatementOutline[] {
  if (batch === undefined) throw rejected('names a batch that did not come with it');
  try {
    return decodeBatch(batch);
  } catch (cause) {
    throw rejected('commits to a batch that breaks its outline', cause);
  }
}

function checkFounding(statements: readonly StatementOutline[]): void {
  const [only, second] = statements;
  const reading = only === undefined ? undefined : readStatement(only);
  const isEmptyCheckpoint =
    second === undefined &&
    reading?.outcome === 'known' &&
    reading.statement.kind === 'checkpoint' &&
    reading.statement.body.size === 0;
  if (!isEmptyCheckpoint) {
    throw rejected('has no parents and does not hold the checkpoint of an empty log');
  }
}

function rejected(problem: string, cause?: unknown): ArchiveError {
  return new ArchiveError('entry_rejected', `this entry ${problem}`, { cause });
}
