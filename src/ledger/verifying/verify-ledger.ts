import { throwIfAborted } from '../../core/abort.ts';
import type { LedgerProblem } from '../../core/ports/ledger.ts';
import { openDatabase } from '../../sqlite/open-database.ts';
import { type LedgerParts, ledgerParts } from '../ledger-parts.ts';
import { LedgerStore } from '../tables/ledger-store.ts';
import { MIGRATIONS } from '../tables/schema.ts';
import { damageText } from '../translate-damage.ts';
import { pageProblems } from './page-problems.ts';
import {
  verifyBlocks,
  verifyCharter,
  verifyErasures,
  verifyFeeds,
  verifyLateRecords,
  verifyRecordPlaces,
  verifyRecords,
  verifySalts,
  verifySets,
} from './verify-blocks.ts';
import { verifyEntries } from './verify-entries.ts';

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: { readonly entries: number }) => void) | undefined;
}

type Problems = AsyncIterable<LedgerProblem>;

/**
 * Yields what is wrong with the ledger, recomputed from the stored bytes, as the port describes it.
 *
 * It looks at one state of the file from beginning to end, whatever is appended meanwhile. Each part
 * is checked even if another cannot be read. One entry with its batch, or one page of a set, is in
 * memory at a time, and other work gets its turn in between.
 */
export async function* verifyLedger(
  ledger: LedgerParts,
  options: VerifyOptions,
): AsyncGenerator<LedgerProblem, void> {
  const { path } = ledger.db;
  yield* section(path, options, () => pageProblems(path));
  yield* section(path, options, () => verifySnapshot(ledger, options));
}

async function* verifySnapshot(ledger: LedgerParts, options: VerifyOptions): Problems {
  const { path } = ledger.db;
  using db = openDatabase(path, { migrations: MIGRATIONS, readOnly: true });
  db.exec('BEGIN');
  const store = new LedgerStore(db);
  const parts = ledgerParts(store, ledger.identity, ledger.tree);
  const sections = [
    () => verifyCharter(parts),
    () => verifyEntries(parts, options),
    () => verifyBlocks(store),
    () => verifySets(store),
    () => verifyRecords(store),
    () => verifyRecordPlaces(store),
    () => verifySalts(store),
    () => verifyLateRecords(store),
    () => verifyErasures(store),
    () => verifyFeeds(store),
  ];
  for (const problems of sections) yield* section(path, options, problems);
}

/** Yields the problems of one part; that it cannot be read is one of them. */
async function* section(path: string, options: VerifyOptions, problems: () => Problems): Problems {
  try {
    for await (const problem of problems()) {
      yield problem;
      throwIfAborted(options.signal);
    }
  } catch (error) {
    throwIfAborted(options.signal);
    yield { code: 'home_corrupt', subject: path, text: damageText(error) };
  }
}
