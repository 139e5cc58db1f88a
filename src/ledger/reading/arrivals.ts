import { setImmediate } from 'node:timers/promises';
import { type Cid, cidFromBytes } from '../../core/cid.ts';
import { batchOf, readBody } from '../../core/entries/body.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { type Entry, readEntry } from '../../core/entries/entry.ts';
import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import type { Governance } from '../../core/entries/governance/fold.ts';
import { type Judgement, judgeEach } from '../../core/entries/judge.ts';
import { standIn } from '../../core/entries/standing.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Arrival, VoidStatement } from '../../core/ports/ledger.ts';
import type { StandingStatement, UnknownStatement } from '../../core/provenance/facts.ts';
import type { Block } from '../../core/statements/block.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { RecordData } from '../../core/statements/record.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import { damaged } from '../damaged.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { Position, StoredEntry } from '../tables/stored-entry.ts';
import { isBlock, verifiedBlock } from './verified-block.ts';

/** Entries without their batches are read this many at a time. */
const PAGE = 64;

/** Statements judged before others get a turn: some milliseconds of work. What the past of an entry is does not change meanwhile. */
const STATEMENTS_A_TURN = 256;

/**
 * Yields what arrived from number `since` on, each entry judged as of everything held. One batch at a
 * time is read into memory; what `appended` gives has been judged a moment ago and is not read again.
 */
export async function* readArrivals(
  parts: LedgerParts,
  since: number,
  appended: (number: number) => Arrival | undefined,
): AsyncGenerator<Arrival, void> {
  for await (const arrival of eachArrival(parts, since, appended, () => parts.governing.now())) {
    yield arrival;
  }
}

/** Yields entries from number `since` on, each judged in the state that `stateFor` it returns. */
export async function* eachArrival(
  parts: LedgerParts,
  since: number,
  appended: (number: number) => Arrival | undefined,
  stateFor: (stored: StoredEntry) => Governance,
): AsyncGenerator<Arrival, void> {
  let next = since;
  for (;;) {
    for (let known = appended(next); known !== undefined; known = appended(next)) {
      yield known;
      next += 1;
    }
    const page = parts.store.entriesFrom(next, PAGE);
    if (page.length === 0) return;
    for (const stored of page) {
      if (stored.arrival !== next) throw damaged(`arrival ${next} is missing`);
      const said = saidIn(parts.store, stored);
      const byPast: Judgement[] = [];
      for (const judgement of judgementsOf(parts, said)) {
        byPast.push(judgement);
        if (byPast.length % STATEMENTS_A_TURN === 0) await setImmediate();
      }
      // How many statements stand takes some milliseconds as well.
      if (byPast.length > STATEMENTS_A_TURN) await setImmediate();
      yield standingArrival(parts, stored, said, byPast, stateFor(stored));
      next += 1;
      await setImmediate();
    }
  }
}

/** Returns the statements of a stored entry, after hashing its batch. */
export function storedStatements(store: LedgerStore, entry: Entry): readonly StatementOutline[] {
  return readBody(entry, storedBatch(store, entry)?.bytes);
}

/** Returns the batch of a stored entry after hashing it; undefined where its statement stands inline. */
export function storedBatch(store: LedgerStore, entry: Entry): Block | undefined {
  const cid = batchOf(entry);
  return cid === undefined ? undefined : { cid, bytes: verifiedBlock(store, cid) };
}

/** Returns a stored entry after hashing it. */
export function readStored(stored: Pick<StoredEntry, 'arrival' | 'cid' | 'bytes'>): Entry {
  if (!isBlock(cidFromBytes(stored.cid), stored.bytes)) {
    throw new ArchiveError(
      'block_corrupt',
      `the stored bytes of entry ${stored.arrival} are not those its CID names; ` +
        'run "ringfence verify" for the whole extent',
    );
  }
  return readEntry(stored.bytes);
}

export function positionsOf(store: LedgerStore, entry: Entry): Position[] {
  return entry.next.map((hash) => {
    const position = store.position(hash);
    if (position === undefined) throw damaged(`${hash} is a parent and is not there`);
    return position;
  });
}

/** What an arrival is made of, whether it was read from the store or has just been appended. */
export interface JudgedEntry {
  readonly number: number;
  readonly hash: EntryHash;
  readonly clock: number;
  readonly author: Did;
  readonly outlines: readonly StatementOutline[];
  readonly judgements: readonly Judgement[];
  readonly records: ReadonlyMap<Cid, RecordData>;
}

const NO_RECORDS: ReadonlyMap<Cid, RecordData> = new Map();

/** Returns an entry as the projection sees it. */
export function arrivalOf({ number, hash, clock, author, ...said }: JudgedEntry): Arrival {
  const standing: StandingStatement[] = [];
  const unknown: UnknownStatement[] = [];
  const voided: VoidStatement[] = [];
  for (const [place, { kind, about }] of said.outlines.entries()) {
    const id = `${hash}/${place}`;
    const judgement = said.judgements[place];
    if (judgement?.outcome === 'standing') {
      const { statement, author: speaker, organisation, roles, cosigners } = judgement;
      const witnesses: readonly string[] = [];
      const by = { author: speaker, organisation, roles, witnesses };
      const confirmed = cosigners === undefined ? {} : { cosigners };
      standing.push({ id, entry: hash, clock, ...by, ...confirmed, statement });
    } else if (judgement?.outcome === 'void') {
      voided.push({ id, kind, reason: judgement.reason });
    } else {
      unknown.push({ id, about, kind });
    }
  }
  return { number, entry: hash, author, standing, unknown, void: voided, records: said.records };
}

/** Returns a stored entry as it stands in a state. */
export function judgedArrival(parts: LedgerParts, stored: StoredEntry, state: Governance): Arrival {
  const said = saidIn(parts.store, stored);
  return standingArrival(parts, stored, said, [...judgementsOf(parts, said)], state);
}

interface Said {
  readonly entry: Entry;
  readonly outlines: readonly StatementOutline[];
}

function saidIn(store: LedgerStore, stored: StoredEntry): Said {
  const entry = readStored(stored);
  return { entry, outlines: storedStatements(store, entry) };
}

/** Yields how the statements of an entry stand by its past. */
function judgementsOf(parts: LedgerParts, { entry, outlines }: Said): Iterable<Judgement> {
  const context = parts.judging.of({
    author: entry.identity,
    parents: positionsOf(parts.store, entry),
    inline: batchOf(entry) === undefined,
  });
  return judgeEach(outlines, context);
}

function standingArrival(
  parts: LedgerParts,
  stored: StoredEntry,
  { entry, outlines }: Said,
  byPast: readonly Judgement[],
  state: Governance,
): Arrival {
  const hash = entryHashFromBytes(stored.cid);
  const place = parts.governing.placeOf(hash, stored);
  return arrivalOf({
    number: stored.arrival,
    hash,
    clock: entry.clock.time,
    author: entry.identity,
    outlines,
    judgements: standIn(state, { author: entry.identity, place }, byPast),
    records: NO_RECORDS,
  });
}
