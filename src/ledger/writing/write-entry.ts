import type { Cid } from '../../core/cid.ts';
import { cidToBytes } from '../../core/cid.ts';
import { callsForCheckpoint } from '../../core/entries/body.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { Entry } from '../../core/entries/entry.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import type { Statement } from '../../sqlite/database.ts';
import { frontierAt, nodesCompletedBy } from '../checkpoints/arrival-tree.ts';
import { damaged } from '../damaged.ts';
import type { Ancestry } from '../ruling/ancestry.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import { pastOver } from '../tables/pasts.ts';
import type { Position } from '../tables/stored-entry.ts';

/** An accepted entry with what is derived from it. */
export interface AcceptedEntry {
  readonly cid: Uint8Array;
  readonly bytes: Uint8Array;
  readonly entry: Entry;
  readonly statements: readonly StatementOutline[];
  /** What tells repetitions of the envelope statements it carries. */
  readonly once: readonly Cid[];
  readonly isOwnCheckpoint: boolean;
  /** Records it names that are not here. */
  readonly missing: readonly Cid[];
  /** Of a governance entry, what follows from its own past. */
  readonly ruling: Ruling | undefined;
}

/** Whose governance entry it is, and why it counts in no state; null for a sound one. */
export interface Ruling {
  readonly member: Did | null;
  readonly problem: string | null;
}

/** Records written by one statement: a third of the time of as many statements. */
const RECORDS_AT_ONCE = 32;

/** Writes accepted entries; every call belongs into a transaction of the caller. */
export class EntryWriter {
  readonly #store: LedgerStore;
  readonly #ancestry: Ancestry;
  readonly #insertEntry;
  readonly #insertParent;
  readonly #insertHead;
  readonly #deleteHead;
  readonly #setTip;
  readonly #insertFork;
  readonly #insertCheckpoint;
  readonly #insertEnvelope;
  readonly #insertRule;
  readonly #insertSigner: Statement<never>;
  readonly #insertNode;
  readonly #insertBlock: Statement<never>;
  readonly #insertRecord: Statement<never>;
  readonly #insertRecords: Statement<never>;
  readonly #insertSet: Statement<never>;
  readonly #insertMissing: Statement<never>;
  readonly #deleteMissing: Statement<never>;
  readonly #insertLate: Statement<never>;

  constructor(store: LedgerStore, ancestry: Ancestry) {
    const { db } = store;
    this.#store = store;
    this.#ancestry = ancestry;
    this.#insertEntry = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertParent = db.prepare('INSERT INTO parents VALUES (?, ?)');
    this.#insertHead = db.prepare('INSERT INTO heads VALUES (?)');
    this.#deleteHead = db.prepare('DELETE FROM heads WHERE arrival = ?');
    this.#setTip = db.prepare('INSERT OR REPLACE INTO tips VALUES (?, ?)');
    this.#insertFork = db.prepare('INSERT INTO forks VALUES (?, ?)');
    this.#insertCheckpoint = db.prepare('INSERT INTO checkpoints VALUES (?)');
    this.#insertEnvelope = db.prepare('INSERT OR IGNORE INTO envelopes VALUES (?, ?)');
    this.#insertRule = db.prepare('INSERT INTO rules VALUES (?, ?, ?, ?)');
    this.#insertSigner = db.prepare('INSERT OR IGNORE INTO signers VALUES (?, ?)');
    this.#insertNode = db.prepare('INSERT INTO tree VALUES (?, ?, ?)');
    this.#insertBlock = db.prepare('INSERT OR IGNORE INTO blocks VALUES (?, ?)');
    this.#insertRecord = db.prepare('INSERT INTO records (cid, bytes) VALUES (?, ?)');
    const rows = Array.from({ length: RECORDS_AT_ONCE }, () => '(?, ?)').join(', ');
    this.#insertRecords = db.prepare(`INSERT INTO records (cid, bytes) VALUES ${rows}`);
    this.#insertSet = db.prepare('INSERT OR IGNORE INTO sets VALUES (?, ?)');
    this.#insertMissing = db.prepare('INSERT INTO missing_records VALUES (?, ?)');
    this.#deleteMissing = db.prepare('DELETE FROM missing_records WHERE cid = ?');
    this.#insertLate = db.prepare('INSERT INTO late_records (cid) VALUES (?)');
  }

  block(cid: Cid, bytes: Uint8Array): void {
    this.#insertBlock.run(cidToBytes(cid), bytes);
  }

  /** Writes records, many at once where there are many. */
  records(records: ReadonlyMap<Cid, Uint8Array>): void {
    const { places } = this.#store.records;
    let values: Uint8Array[] = [];
    for (const [cid, bytes] of records) {
      values.push(cidToBytes(cid), bytes);
      if (values.length < 2 * RECORDS_AT_ONCE) continue;
      places.written(this.#insertRecords.run(...values).lastRowId, RECORDS_AT_ONCE);
      values = [];
    }
    for (let at = 0; at < values.length; at += 2) {
      const row = values.slice(at, at + 2);
      places.written(this.#insertRecord.run(...row).lastRowId, 1);
    }
  }

  /** Writes a record that entries name and that was not here. */
  lateRecord(cid: Cid, bytes: Uint8Array): void {
    this.records(new Map([[cid, bytes]]));
    this.#deleteMissing.run(cidToBytes(cid));
    this.changedRecord(cidToBytes(cid));
  }

  /** Notes that a record is here now, or shown no longer, or again. */
  changedRecord(cid: Uint8Array): void {
    this.#insertLate.run(cid);
  }

  /** Notes a set that a statement is about, with the number of its members, 0 for a broken one. */
  set(cid: Cid, members: number): void {
    this.#insertSet.run(cidToBytes(cid), members);
  }

  /** Gives the entry the next arrival number and updates all that follows from it. */
  entry(accepted: AcceptedEntry): number {
    const { cid, bytes, entry, statements } = accepted;
    const store = this.#store;
    const arrival = store.size();
    const parents = entry.next.map((hash) => {
      const parent = store.position(hash);
      if (parent === undefined) throw damaged(`${hash} is a parent and is not there`);
      return parent;
    });
    const past = pastOver(
      parents.map((parent) => ({ past: store.pasts.at(parent.past), rule: parent.rule })),
    );
    const position = {
      arrival,
      clock: entry.clock.time,
      run: this.#runOf(arrival, parents),
      statements: statements.length,
      past:
        parents[0]?.rule === null && parents.length === 1
          ? parents[0].past
          : store.pasts.idOf(past),
      rule: accepted.ruling === undefined ? null : store.rules.count(),
    };
    this.#insertEntry.run(
      arrival,
      cid,
      entry.identity,
      position.clock,
      position.run,
      position.statements,
      callsForCheckpoint(statements) ? 1 : 0,
      position.past,
      position.rule,
      bytes,
    );
    for (const parent of parents) {
      this.#insertParent.run(arrival, parent.arrival);
      this.#deleteHead.run(parent.arrival);
    }
    this.#insertHead.run(arrival);
    this.#continueChain(entry, position);
    if (accepted.ruling !== undefined) {
      const { member, problem } = accepted.ruling;
      this.#insertRule.run(position.rule, arrival, member, problem);
    }
    for (const signer of signersOf(statements)) this.#insertSigner.run(signer, arrival);
    if (accepted.isOwnCheckpoint) this.#insertCheckpoint.run(arrival);
    for (const record of accepted.missing) this.#insertMissing.run(arrival, cidToBytes(record));
    store.erasures.note(arrival, statements);
    if (accepted.ruling !== undefined) store.erasures.doubtAll();
    for (const once of accepted.once) this.#insertEnvelope.run(cidToBytes(once), arrival);
    for (const node of nodesCompletedBy(cid, frontierAt(store, arrival))) {
      this.#insertNode.run(node.level, node.index, node.hash);
    }
    return arrival;
  }

  /** An only parent whose run has not gone on elsewhere is gone on with. */
  #runOf(arrival: number, parents: readonly Position[]): number {
    const [parent, second] = parents;
    if (parent === undefined || second !== undefined) return arrival;
    const isTaken = this.#store.inRun(parent.run, parent.clock + 1) !== undefined;
    return isTaken ? arrival : parent.run;
  }

  /** Two entries of one key of which neither is in the other's past are a fork (ledger.md §4). */
  #continueChain(entry: Entry, position: Position): void {
    const tip = this.#store.chains.tipOf(entry.identity);
    const last = tip === undefined ? undefined : this.#store.positionAt(tip);
    if (last === undefined || this.#ancestry.isAncestor(last, position)) {
      this.#setTip.run(entry.identity, position.arrival);
    } else {
      this.#insertFork.run(position.arrival, last.arrival);
    }
  }
}

/** Returns who signed the envelopes in an entry. */
export function signersOf(statements: readonly StatementOutline[]): ReadonlySet<Did> {
  return new Set(statements.flatMap(({ signed }) => signed?.by ?? []));
}
