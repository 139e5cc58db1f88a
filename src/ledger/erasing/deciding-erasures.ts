import { cidFromBytes } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { recordsOf } from '../../core/entries/references.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { damaged } from '../damaged.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { judgedArrival } from '../reading/arrivals.ts';
import { eachEntry } from '../reading/each-entry.ts';
import type { Position } from '../tables/stored-entry.ts';
import type { EntryWriter } from '../writing/write-entry.ts';
import type { ErasureRow } from './erasures.ts';

/** Who asks for an erasure, as of everything held. */
interface Eraser {
  readonly author: Did;
  readonly isSteward: boolean;
  readonly position: Position;
}

/**
 * Decides what erasures that have come, or whose right is in doubt, do here: those that stand and are a
 * steward's, or by whoever alone has named the record, hide it at once. Returns whether any record is
 * shown otherwise than before. Calls must not overlap with each other or with anything that writes.
 *
 * A record's author is whoever names it and is the only one to: otherwise anybody could name somebody
 * else's record and have it erased. What was said in view of the erasure does not count, so that
 * nobody undoes one by naming the record once more. Whether somebody else names it is looked for in
 * the whole log, which takes long where that is large, but only for erasures that are no steward's.
 */
export async function decideErasures(
  parts: LedgerParts,
  writer: EntryWriter,
  now: number,
): Promise<boolean> {
  const { store, db } = parts;
  const rows = store.erasures.undecided();
  if (rows.length === 0) return false;
  const erasers = new Map<ErasureRow, Eraser>();
  const standing = standingIn(new Set(rows.map(({ arrival }) => arrival)), parts);
  for (const row of rows) {
    const eraser = standing.get(`${row.arrival}/${row.place}`);
    if (eraser !== undefined) erasers.set(row, eraser);
  }
  const authored = [...erasers].filter(([, { isSteward }]) => !isSteward);
  for (const row of await notTheirOwn(authored, parts)) erasers.delete(row);
  return transaction(db, () => {
    let isChanged = false;
    for (const row of rows) {
      const wasHidden = store.erasures.hides(row.record);
      const hides = erasers.has(row);
      const since = row.since === 0 && hides ? now : row.since;
      store.erasures.set({ ...row, state: hides ? 'hides' : 'void', since });
      if (store.erasures.hides(row.record) === wasHidden) continue;
      isChanged = true;
      if (store.records.holds(cidFromBytes(row.record))) writer.changedRecord(row.record);
    }
    return isChanged;
  });
}

/** Returns who makes the erasures of these entries that stand, by `ARRIVAL/PLACE`. */
function standingIn(
  arrivals: ReadonlySet<number>,
  parts: LedgerParts,
): ReadonlyMap<string, Eraser> {
  const erasers = new Map<string, Eraser>();
  for (const arrival of arrivals) {
    const stored = parts.store.entryAt(arrival);
    if (stored === undefined) throw damaged(`there is no entry ${arrival}`);
    for (const standing of judgedArrival(parts, stored, parts.governing.now()).standing) {
      const { id, statement, author, roles } = standing;
      if (statement.kind !== 'erasure') continue;
      const place = id.slice(id.lastIndexOf('/') + 1);
      const isSteward = roles.includes('steward');
      erasers.set(`${arrival}/${place}`, { author, isSteward, position: stored });
    }
  }
  return erasers;
}

/** Returns those of the erasures whose author did not name the record, or was not the only one to. */
async function notTheirOwn(
  authored: readonly (readonly [ErasureRow, Eraser])[],
  { store, ancestry }: LedgerParts,
): Promise<ReadonlySet<ErasureRow>> {
  const refused = new Set(authored.map(([row]) => row));
  if (authored.length === 0) return refused;
  const own = new Set<ErasureRow>();
  const others = new Set<ErasureRow>();
  const wanted = Map.groupBy(authored, ([row]) => cidFromBytes(row.record));
  for await (const { stored, entry, statements } of eachEntry(store)) {
    for (const outline of statements) {
      for (const record of recordsOf(outline)) {
        for (const [row, { author, position }] of wanted.get(record) ?? []) {
          if ((outline.signed?.by ?? entry.identity) === author) own.add(row);
          else if (!ancestry.isAncestor(position, stored)) others.add(row);
        }
      }
    }
  }
  for (const row of own) if (!others.has(row)) refused.delete(row);
  return refused;
}
