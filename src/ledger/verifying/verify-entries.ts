import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../core/abort.ts';
import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { LedgerProblem } from '../../core/ports/ledger.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { translateDamage } from '../translate-damage.ts';
import { checkEntry } from './check-entry.ts';
import { startOfLog } from './recomputed-log.ts';
import type { VerifyOptions } from './verify-ledger.ts';

const PAGE = 64;

/**
 * Yields what is wrong with entries, their batches, their order and what is derived from them. What
 * was recomputed so far is all that is kept: it grows with the number of authors, not of entries.
 */
export async function* verifyEntries(
  parts: LedgerParts,
  options: VerifyOptions,
): AsyncGenerator<LedgerProblem, void> {
  const { store } = parts;
  const log = startOfLog();
  for (;;) {
    const page = store.entriesFrom(log.next, PAGE);
    if (page.length === 0) break;
    for (const stored of page) {
      throwIfAborted(options.signal);
      const subject = nameOf(stored.cid, stored.arrival);
      if (stored.arrival !== log.next) {
        yield corrupt(`arrival ${log.next}`, `it is missing; the next is ${stored.arrival}`);
      }
      for (const { code, text } of await checked(checkEntry(stored, log, parts))) {
        yield { code, subject, text };
      }
      log.next = stored.arrival + 1;
      options.onProgress?.({ entries: log.next });
      await setImmediate();
    }
  }
  if (log.next === 0 && !isBare(parts)) {
    yield corrupt('arrival 0', 'there is no entry, not even the founding one');
  }
  for (const [table, expected] of Object.entries({ archive: 1, ...log.rows })) {
    const rows = parts.db.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
    if (rows !== expected) yield corrupt(table, `it has ${rows} rows and should have ${expected}`);
  }
  yield* verifyPasts(parts);
  for (const [author, arrival] of log.tips) {
    if (store.chains.tipOf(author) === arrival) continue;
    yield corrupt(author, `the newest entry of this author is ${arrival}, and is noted otherwise`);
  }
}

/** Whether this is no founder's home and has taken nothing: a witness's, or one that has not joined yet. */
function isBare({ db, identity, tree }: LedgerParts): boolean {
  const isFounder = identity.charter.stewards.some(({ key }) => key === tree.did);
  return !isFounder && db.prepare('SELECT 1 FROM feeds LIMIT 1').get() === undefined;
}

/** Each past is there once, in its one form, and because an entry has it. */
function* verifyPasts({ db }: LedgerParts): Generator<LedgerProblem, void> {
  const unused = db.prepare<{ id: number }>(
    'SELECT id FROM pasts WHERE id NOT IN (SELECT past FROM entries)',
  );
  for (const { id } of unused.all()) yield corrupt(`past ${id}`, 'no entry has it');
  const padded = db.prepare<{ id: number }>(
    "SELECT id FROM pasts WHERE length(rules) > 0 AND substr(rules, -1) = x'00'",
  );
  for (const { id } of padded.all()) yield corrupt(`past ${id}`, 'it is not in its one form');
}

/** A lookup that fails for damage is a finding about this entry, and the next can still be checked. */
async function checked(checking: Promise<readonly Omit<LedgerProblem, 'subject'>[]>) {
  try {
    return await checking;
  } catch (error) {
    const damage = translateDamage(error);
    if (!(damage instanceof ArchiveError)) throw error;
    return [{ code: 'home_corrupt' as const, text: damage.message }];
  }
}

function nameOf(cid: Uint8Array, arrival: number): string {
  return cid.length === 36 && cid[1] === 0x71 ? entryHashFromBytes(cid) : `arrival ${arrival}`;
}

function corrupt(subject: string, text: string): LedgerProblem {
  return { code: 'home_corrupt', subject, text };
}
