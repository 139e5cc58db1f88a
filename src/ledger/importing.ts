import { setImmediate } from 'node:timers/promises';
import { type Cid, CODEC, cidFromDigest, cidToBytes } from '../core/cid.ts';
import { batchOf } from '../core/entries/body.ts';
import { acceptEntry, type Entry } from '../core/entries/entry.ts';
import { entryHashToBytes, toEntryHash } from '../core/entries/entry-hash.ts';
import { judgeAll } from '../core/entries/judge.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Taken } from '../core/ports/known-feeds.ts';
import type { Delivery, Imported } from '../core/ports/ledger-feed.ts';
import type { Block } from '../core/statements/block.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import { transaction } from '../sqlite/transaction.ts';
import { acceptanceContext } from './archive-identity.ts';
import { positionsOf } from './arrivals.ts';
import { type Belongings, belongingsOf, isRecord } from './belongings.ts';
import type { LedgerParts } from './ledger-parts.ts';
import type { Position } from './ledger-store.ts';
import { isCheckpointOf } from './own-checkpoint.ts';
import { refuseOtherWriter } from './refuse-other-writer.ts';
import { sha256 } from './sha256.ts';
import type { EntryWriter } from './write-entry.ts';

interface Candidate extends Belongings {
  readonly hash: EntryHash;
  readonly bytes: Uint8Array;
  readonly entry: Entry;
}

/**
 * Accepts entries in the order given, parents first, as {@link LedgerFeed.importEntries} says.
 *
 * Calls must not overlap with each other or with appends. What one call is given is in memory at
 * once, so callers hand in pages of some megabytes.
 */
export async function importEntries(
  deliveries: readonly Delivery[],
  parts: LedgerParts,
  writer: EntryWriter,
  settle?: (imported: readonly Imported[]) => Taken | undefined,
): Promise<readonly Imported[]> {
  const { store, identity } = parts;
  const size = store.size();
  const candidates = new Map<EntryHash, Candidate>();
  const clockOf = (hash: EntryHash) =>
    candidates.get(hash)?.entry.clock.time ?? store.position(hash)?.clock;
  const context = acceptanceContext(identity, clockOf);
  const refused = new Map<EntryHash, ArchiveError>();
  const hashes: EntryHash[] = [];
  for (const delivery of deliveries) {
    const hash = toEntryHash(cidFromDigest(CODEC.dagCbor, sha256(delivery.bytes)));
    hashes.push(hash);
    if (candidates.has(hash) || store.position(hash) !== undefined) continue;
    try {
      const entry = acceptEntry(delivery.bytes, context);
      const belongings = await belongingsOf(entry, delivery, store);
      candidates.set(hash, { hash, bytes: delivery.bytes, entry, ...belongings });
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      refused.set(hash, error);
    }
    await setImmediate();
  }
  const brought = new Set([...candidates.values()].flatMap(({ records }) => [...records.keys()]));
  return transaction(parts.db, () => {
    refuseOtherWriter(parts, size);
    for (const candidate of candidates.values()) write(candidate, brought, parts, writer);
    const imported = hashes.map((entry): Imported => {
      const error = refused.get(entry);
      if (error !== undefined) return { outcome: 'refused', entry, error };
      const arrival = store.position(entry)?.arrival ?? -1;
      const author = candidates.get(entry)?.entry.identity;
      if (author === undefined) return { outcome: 'known', entry, arrival };
      return { outcome: 'accepted', entry, arrival, author };
    });
    const taken = settle?.(imported);
    if (taken !== undefined) parts.feeds.take(taken);
    return imported;
  });
}

/**
 * Stores records that accepted entries name and that are not here; returns which. Durable when it
 * returns.
 */
export function importRecords(
  records: readonly Block[],
  { db, store }: LedgerParts,
  writer: EntryWriter,
): readonly Cid[] {
  const wanted = new Map(
    records
      .filter(({ cid, bytes }) => store.isMissing(cidToBytes(cid)) && isRecord({ cid, bytes }))
      .map(({ cid, bytes }) => [cid, bytes]),
  );
  if (wanted.size === 0) return [];
  transaction(db, () => {
    for (const [cid, bytes] of wanted) writer.lateRecord(cid, bytes);
  });
  return [...wanted.keys()];
}

function write(
  candidate: Candidate,
  brought: ReadonlySet<Cid>,
  parts: LedgerParts,
  writer: EntryWriter,
): void {
  const { store } = parts;
  const { entry, statements } = candidate;
  for (const [cid, bytes] of candidate.blocks) writer.block(cid, bytes);
  for (const [cid, bytes] of candidate.records) writer.record(cid, bytes);
  for (const [cid, members] of candidate.sets) writer.set(cid, members);
  writer.entry({
    cid: entryHashToBytes(candidate.hash),
    bytes: candidate.bytes,
    entry,
    statements,
    once: envelopesOf(candidate, parts, positionsOf(store, entry)),
    isOwnCheckpoint: isCheckpointOf(parts.tree, entry.identity, statements),
    // Another entry of the page may have brought it.
    missing: [...candidate.missing].filter((cid) => !brought.has(cid)),
  });
}

/** What tells repetitions of the envelope statements that count; few entries carry any. */
function envelopesOf(
  { entry, statements }: Candidate,
  { judging }: LedgerParts,
  parents: readonly Position[],
): Cid[] {
  if (statements.every((outline) => outline.signed === undefined)) return [];
  const inline = batchOf(entry) === undefined;
  const context = judging.of({ author: entry.identity, parents, inline });
  return judgeAll(statements, context).flatMap((judgement) =>
    judgement.outcome === 'standing' && judgement.once !== undefined ? [judgement.once] : [],
  );
}
