import { type Cid, CODEC, cidFromDigest, cidToBytes } from '../../core/cid.ts';
import { batchOf } from '../../core/entries/body.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { acceptEntry, type Entry } from '../../core/entries/entry.ts';
import { entryHashToBytes, toEntryHash } from '../../core/entries/entry-hash.ts';
import { judgeAll } from '../../core/entries/judge.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Taken } from '../../core/ports/known-feeds.ts';
import type { Delivery, Imported } from '../../core/ports/ledger-feed.ts';
import type { Block } from '../../core/statements/block.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { isCheckpointOf } from '../checkpoints/own-checkpoint.ts';
import { damaged } from '../damaged.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { positionsOf } from '../reading/arrivals.ts';
import { acceptanceContext } from '../ruling/archive-identity.ts';
import { rulingOf } from '../ruling/ruling-of.ts';
import { sha256 } from '../sha256.ts';
import { type Parent, type Past, pastOver } from '../tables/pasts.ts';
import type { Position } from '../tables/stored-entry.ts';
import { type Belongings, belongingsOf, isGenuineRecord } from './belongings.ts';
import { refuseOtherWriter } from './refuse-other-writer.ts';
import type { AcceptedEntry, EntryWriter } from './write-entry.ts';

interface Candidate extends Belongings {
  readonly hash: EntryHash;
  readonly bytes: Uint8Array;
  readonly entry: Entry;
  readonly past: Past;
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
  const { store, identity, governing } = parts;
  const candidates = new Map<EntryHash, Candidate>();
  const pastOf = (parents: readonly EntryHash[]) =>
    pastOver(parents.map((hash) => parentOf(hash, candidates, parts)));
  const context = acceptanceContext(identity, {
    clockOf: (hash) => candidates.get(hash)?.entry.clock.time ?? store.position(hash)?.clock,
    stateOver: (parents) => governing.in(pastOf(parents)),
  });
  const refused = new Map<EntryHash, ArchiveError>();
  /** Of the entries that are accepted, also where they are written already. */
  const authors = new Map<EntryHash, Did>();
  const hashes: EntryHash[] = [];
  const takeTurn = takeTurns();
  let size = store.size();
  const writeCandidates = <T>(settled: () => T): T => {
    const brought = new Set([...candidates.values()].flatMap(({ records }) => [...records.keys()]));
    const result = transaction(parts.db, () => {
      refuseOtherWriter(parts, size);
      for (const candidate of candidates.values()) write(candidate, brought, parts, writer);
      return settled();
    });
    size += candidates.size;
    candidates.clear();
    return result;
  };
  for (const delivery of deliveries) {
    const hash = toEntryHash(cidFromDigest(CODEC.dagCbor, sha256(delivery.bytes)));
    hashes.push(hash);
    if (candidates.has(hash) || store.position(hash) !== undefined) continue;
    try {
      const entry = acceptEntry(delivery.bytes, context);
      const belongings = await belongingsOf(entry, delivery, store, takeTurn);
      const past = pastOf(entry.next);
      authors.set(hash, entry.identity);
      candidates.set(hash, { hash, bytes: delivery.bytes, entry, past, ...belongings });
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      refused.set(hash, error);
    }
    const accepted = candidates.get(hash);
    // What comes next is judged by a governance entry, so it must be there.
    if (accepted !== undefined && batchOf(accepted.entry) === undefined) writeCandidates(() => {});
    await takeTurn();
  }
  return writeCandidates(() => {
    const imported = hashes.map((entry): Imported => {
      const error = refused.get(entry);
      if (error !== undefined) return { outcome: 'refused', entry, error };
      const arrival = store.position(entry)?.arrival ?? -1;
      const author = authors.get(entry);
      if (author === undefined) return { outcome: 'known', entry, arrival };
      return { outcome: 'accepted', entry, arrival, author };
    });
    const taken = settle?.(imported);
    if (taken !== undefined) parts.feeds.take(taken);
    return imported;
  });
}

function parentOf(
  hash: EntryHash,
  candidates: ReadonlyMap<EntryHash, Candidate>,
  { store, governing }: LedgerParts,
): Parent {
  const candidate = candidates.get(hash);
  if (candidate !== undefined) return { past: candidate.past, rule: null };
  const position = store.position(hash);
  if (position === undefined) throw damaged(`${hash} is a parent and is not there`);
  return governing.asParent(position);
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
  const isWanted = (cid: Uint8Array) => store.missing.has(cid) && !store.erasures.hides(cid);
  const wanted = new Map(
    records
      .filter((record) => isWanted(cidToBytes(record.cid)) && isGenuineRecord(record))
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
  const inTime = new Map(candidate.records);
  for (const [cid, bytes] of store.missing.any() ? candidate.records : []) {
    if (!store.missing.has(cidToBytes(cid))) continue;
    writer.lateRecord(cid, bytes);
    inTime.delete(cid);
  }
  writer.records(inTime);
  for (const [cid, members] of candidate.sets) writer.set(cid, members);
  writer.entry({
    cid: entryHashToBytes(candidate.hash),
    bytes: candidate.bytes,
    entry,
    statements,
    ...judgedByPast(candidate, parts, positionsOf(store, entry)),
    isOwnCheckpoint: isCheckpointOf(parts.tree, entry.identity, statements),
    // Another entry of the page may have brought it.
    missing: [...candidate.missing].filter((cid) => !brought.has(cid)),
  });
}

/**
 * What is noted of judgements by the entry's own past: what tells repetitions of envelopes that count,
 * and of governance, whether it is sound.
 */
function judgedByPast(
  { entry, statements }: Candidate,
  { judging }: LedgerParts,
  parents: readonly Position[],
): Pick<AcceptedEntry, 'once' | 'ruling'> {
  const inline = batchOf(entry) === undefined;
  if (!inline && statements.every((outline) => outline.signed === undefined)) {
    return { once: [], ruling: undefined };
  }
  const context = judging.of({ author: entry.identity, parents, inline });
  const judgements = judgeAll(statements, context);
  const once = judgements.flatMap((judgement) =>
    judgement.outcome === 'standing' && judgement.once !== undefined ? [judgement.once] : [],
  );
  return {
    once,
    ruling: inline ? rulingOf(entry.identity, context.past, judgements) : undefined,
  };
}
