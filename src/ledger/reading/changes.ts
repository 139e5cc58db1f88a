import { setImmediate } from 'node:timers/promises';
import type { Did } from '../../core/entries/did-key.ts';
import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import type { Governance } from '../../core/entries/governance/fold.ts';
import type { Arrival, Change } from '../../core/ports/ledger.ts';
import { damaged } from '../damaged.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import type { Named, StoredEntry } from '../tables/stored-entry.ts';
import { eachArrival, judgedArrival } from './arrivals.ts';

/**
 * Yields what arrived from number `since` on, each entry as it stood when it came, with the earlier
 * ones that stand otherwise from then on. So what follows the changes depends on the entries and their
 * order alone, not on when it looked; but those below `settled` are told as they stand after all of them.
 */
export async function* readChanges(
  parts: LedgerParts,
  since: number,
  settled: number,
  appended: (number: number) => Arrival | undefined,
): AsyncGenerator<Change, void> {
  const { store, governing } = parts;
  const floor = store.rules.before(settled);
  let rules = Math.max(floor, store.rules.before(since));
  const count = (stored: Pick<StoredEntry, 'rule'>) => {
    if (stored.rule !== null) rules = Math.max(floor, stored.rule + 1);
    return governing.upTo(rules);
  };
  for await (const arrival of eachArrival(parts, since, appended, count)) {
    const rule = store.positionAt(arrival.number)?.rule ?? null;
    if (rule !== null) rules = Math.max(floor, rule + 1);
    yield {
      arrival,
      restated: rule === null || rule < floor ? NOTHING : restatedBy(arrival.number, rule, parts),
    };
  }
}

const NOTHING: AsyncIterable<Arrival> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

/** Yields the entries before a governance entry that it makes stand or fall, in order of arrival. */
async function* restatedBy(
  arrival: number,
  rule: number,
  parts: LedgerParts,
): AsyncGenerator<Arrival, void> {
  const before = parts.governing.upTo(rule);
  const after = parts.governing.upTo(rule + 1);
  for (const number of await changedBetween(before, after, arrival, parts)) {
    const stored = parts.store.entryAt(number);
    if (stored === undefined) throw damaged(`there is no entry ${number}`);
    const arrivalAfter = judgedArrival(parts, stored, after);
    const isSame = toText(judgedArrival(parts, stored, before)) === toText(arrivalAfter);
    if (!isSame) yield arrivalAfter;
    await setImmediate();
  }
}

/** Entries looked at before others get a turn. */
const TURN = 256;

async function changedBetween(
  before: Governance,
  after: Governance,
  until: number,
  { store, governing }: LedgerParts,
): Promise<readonly number[]> {
  const changed = new Set<number>();
  const note = (arrival: number | undefined) => {
    if (arrival !== undefined && arrival < until) changed.add(arrival);
  };
  for (const { hash } of after.acts) {
    if (before.problemOf(hash) !== after.problemOf(hash)) note(store.position(hash)?.arrival);
  }
  const adopted = new Set([...before.stewards.adopters.keys(), ...after.stewards.adopters.keys()]);
  for (const entry of adopted) {
    const isSame = toText(before.adopterOf(entry)) === toText(after.adopterOf(entry));
    if (!isSame) note(store.position(entry)?.arrival);
  }
  let looked = 0;
  for (const key of changedKeys(before, after)) {
    for (const entries of [store.chains.entriesBy(key), store.chains.entriesSignedBy(key)]) {
      // Read to the end before others get a turn: the query is shared.
      const places = [...entries].filter(({ arrival }) => arrival < until);
      for (const named of places) {
        if (!isSameTitle(key, named, before, after, governing)) note(named.arrival);
        looked += 1;
        if (looked % TURN === 0) await setImmediate();
      }
    }
  }
  return [...changed].sort((a, b) => a - b);
}

function isSameTitle(
  key: Did,
  named: Named,
  before: Governance,
  after: Governance,
  governing: LedgerParts['governing'],
): boolean {
  const place = governing.placeOf(entryHashFromBytes(named.cid), named);
  return toText(before.titleAt(key, place)) === toText(after.titleAt(key, place));
}

/** Returns the keys of the members of whose grants and endings the two states tell otherwise. */
function changedKeys(before: Governance, after: Governance): ReadonlySet<Did> {
  const ids = new Set([...before.titles.ids(), ...after.titles.ids()]);
  const keys = new Set<Did>();
  for (const id of ids) {
    if (rightsOf(id, before) === rightsOf(id, after)) continue;
    for (const { key } of before.titles.grantsOf(id)) keys.add(key);
    for (const { key } of after.titles.grantsOf(id)) keys.add(key);
  }
  return keys;
}

/** What an ending keeps follows from its sources. */
function rightsOf(id: Did, { titles }: Governance): string {
  return JSON.stringify([titles.grantsOf(id), titles.endingsOf(id)]);
}

function toText(value: unknown): string | undefined {
  return JSON.stringify(value);
}
