import type { Ledger } from '../core/ports/ledger.ts';
import { MAX_BATCH, MAX_STATEMENT_BYTES, statementLength } from '../core/statements/batch.ts';
import type { Block } from '../core/statements/block.ts';
import type { StatementOutline } from '../core/statements/statement.ts';

/** A statement with the records and documents that it names. */
export interface Saying {
  readonly statement: StatementOutline;
  readonly records?: readonly Block[];
  readonly documents?: readonly Block[];
}

/**
 * Appends any number of statements, in order, in as few entries as their sizes allow, and returns
 * how many entries that took. Each entry is durable before the next begins. What is given together
 * stays together: either all of it is in the ledger or none.
 */
export async function appendAll(
  ledger: Ledger,
  units: Iterable<readonly Saying[]>,
): Promise<number> {
  let entries = 0;
  let batch: Saying[] = [];
  let bytes = 0;
  for (const unit of units) {
    const size = unit.reduce((sum, { statement }) => sum + statementLength(statement), 0);
    const isFull = batch.length + unit.length > MAX_BATCH || bytes + size > MAX_STATEMENT_BYTES;
    if (batch.length > 0 && isFull) {
      await appendBatch(ledger, batch);
      entries += 1;
      batch = [];
      bytes = 0;
    }
    batch.push(...unit);
    bytes += size;
  }
  if (batch.length > 0) {
    await appendBatch(ledger, batch);
    entries += 1;
  }
  return entries;
}

/** Gives each saying as a unit of its own. */
export function* alone(sayings: Iterable<Saying>): Iterable<readonly Saying[]> {
  for (const saying of sayings) yield [saying];
}

async function appendBatch(ledger: Ledger, batch: readonly Saying[]): Promise<void> {
  await ledger.append({
    statements: batch.map((saying) => saying.statement),
    records: batch.flatMap((saying) => saying.records ?? []),
    documents: batch.flatMap((saying) => saying.documents ?? []),
  });
}
