import type { LedgerProblem } from '../core/ports/ledger.ts';
import type { LedgerParts } from './ledger-parts.ts';
import { pageProblems } from './page-problems.ts';
import { throwIfAborted } from './throw-if-aborted.ts';
import { damageText } from './translate-damage.ts';
import {
  verifyBlocks,
  verifyCharter,
  verifyRecords,
  verifySalts,
  verifySets,
} from './verify-blocks.ts';
import { verifyEntries } from './verify-entries.ts';

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: { readonly entries: number }) => void) | undefined;
}

/**
 * Yields what is wrong with the ledger, recomputed from the stored bytes, as the port describes it.
 *
 * Each part is checked even if another cannot be read. One entry with its batch, or one page of a
 * set, is in memory at a time, and other work gets its turn in between.
 */
export async function* verifyLedger(
  parts: LedgerParts,
  options: VerifyOptions,
): AsyncGenerator<LedgerProblem, void> {
  const sections = [
    () => pageProblems(parts.db.path),
    () => verifyCharter(parts),
    () => verifyEntries(parts, options),
    () => verifyBlocks(parts.store),
    () => verifySets(parts.store),
    () => verifyRecords(parts.store),
    () => verifySalts(parts.store),
  ];
  for (const section of sections) {
    try {
      for await (const problem of section()) {
        yield problem;
        throwIfAborted(options.signal);
      }
    } catch (error) {
      throwIfAborted(options.signal);
      yield { code: 'home_corrupt', subject: parts.db.path, text: damageText(error) };
    }
  }
}
