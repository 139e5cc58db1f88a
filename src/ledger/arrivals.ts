import { setImmediate } from 'node:timers/promises';
import { cidFromBytes } from '../core/cid.ts';
import { batchOf, readBody } from '../core/entries/body.ts';
import { type Entry, readEntry } from '../core/entries/entry.ts';
import { entryHashFromBytes } from '../core/entries/entry-hash.ts';
import { judgeAll } from '../core/entries/judge.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Arrival, VoidStatement } from '../core/ports/ledger.ts';
import type { StandingStatement, UnknownStatement } from '../core/provenance/facts.ts';
import type { StatementOutline } from '../core/statements/statement.ts';
import { damaged } from './damaged.ts';
import type { LedgerParts } from './ledger-parts.ts';
import type { LedgerStore, Position, StoredEntry } from './ledger-store.ts';
import { isBlock, verifiedBlock } from './verified-block.ts';

/** Entries without their batches are read this many at a time. */
const PAGE = 64;

/** Yields what arrived from number `since` on, each entry judged. One batch at a time is in memory. */
export async function* readArrivals(
  parts: LedgerParts,
  since: number,
): AsyncGenerator<Arrival, void> {
  let next = since;
  for (;;) {
    const page = parts.store.entriesFrom(next, PAGE);
    if (page.length === 0) return;
    for (const stored of page) {
      if (stored.arrival !== next) throw damaged(`arrival ${next} is missing`);
      yield toArrival(parts, stored);
      next += 1;
      await setImmediate();
    }
  }
}

/** Returns the statements of a stored entry, after hashing its batch. */
export function storedStatements(store: LedgerStore, entry: Entry): readonly StatementOutline[] {
  const batch = batchOf(entry);
  return readBody(entry, batch === undefined ? undefined : verifiedBlock(store, batch));
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

function toArrival(parts: LedgerParts, stored: StoredEntry): Arrival {
  const entry = readStored(stored);
  const hash = entryHashFromBytes(stored.cid);
  const outlines = storedStatements(parts.store, entry);
  const judgements = judgeAll(
    outlines,
    parts.judging.of({
      author: entry.identity,
      parents: positionsOf(parts.store, entry),
      inline: batchOf(entry) === undefined,
    }),
  );
  const standing: StandingStatement[] = [];
  const unknown: UnknownStatement[] = [];
  const voided: VoidStatement[] = [];
  for (const [place, { kind, about }] of outlines.entries()) {
    const id = `${hash}/${place}`;
    const judgement = judgements[place];
    if (judgement?.outcome === 'standing') {
      const { statement, author, organisation, roles } = judgement;
      const { time: clock } = entry.clock;
      const witnesses: readonly string[] = [];
      standing.push({ id, entry: hash, clock, author, organisation, roles, witnesses, statement });
    } else if (judgement?.outcome === 'void') {
      voided.push({ id, kind, reason: judgement.reason });
    } else {
      unknown.push({ id, about, kind });
    }
  }
  const { identity: author } = entry;
  return { number: stored.arrival, entry: hash, author, standing, unknown, void: voided };
}
