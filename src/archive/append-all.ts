import type { Ledger } from '../core/ports/ledger.ts';
import { MAX_BATCH } from '../core/statements/batch.ts';
import { type Block, MAX_BLOCK_BYTES } from '../core/statements/block.ts';
import type { StatementOutline } from '../core/statements/statement.ts';

/** A statement with the records and documents that it names. */
export interface Saying {
  readonly statement: StatementOutline;
  readonly records?: readonly Block[];
  readonly documents?: readonly Block[];
}

/** A batch may have 1 MiB of DAG-CBOR; its JSON is never shorter, so half a batch always fits. */
const MAX_JSON_BYTES = MAX_BLOCK_BYTES / 2;

/**
 * Appends any number of statements, in order, in as few entries as their sizes allow, and returns
 * how many entries that took. Each entry is durable before the next begins.
 */
export async function appendAll(ledger: Ledger, sayings: Iterable<Saying>): Promise<number> {
  let entries = 0;
  let batch: Saying[] = [];
  let bytes = 0;
  for (const saying of sayings) {
    const size = JSON.stringify(saying.statement).length;
    if (batch.length === MAX_BATCH || (batch.length > 0 && bytes + size > MAX_JSON_BYTES)) {
      await appendBatch(ledger, batch);
      entries += 1;
      batch = [];
      bytes = 0;
    }
    batch.push(saying);
    bytes += size;
  }
  if (batch.length > 0) {
    await appendBatch(ledger, batch);
    entries += 1;
  }
  return entries;
}

async function appendBatch(ledger: Ledger, batch: readonly Saying[]): Promise<void> {
  await ledger.append({
    statements: batch.map((saying) => saying.statement),
    records: batch.flatMap((saying) => saying.records ?? []),
    documents: batch.flatMap((saying) => saying.documents ?? []),
  });
}
