import type { StandingStatement, UnknownStatement } from '../../core/provenance/facts.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { type StoredWords, sumOf } from '../file/check-sums.ts';

/** What a stored statement is about: an asset or a set by number, or neither. */
export interface Subject {
  readonly asset: number | null;
  readonly set: number | null;
}

/**
 * Stores the statements of one entry after another. Numbers grow by one in the order in which the
 * statements come, so they depend on the entries alone.
 */
export class StatementWriter {
  readonly #addEntry: Query<never>;
  readonly #addVoice: Query<never>;
  readonly #findVoice: Query<{ id: number }>;
  readonly #addStatement: Query<never>;
  readonly #addUnknown: Query<never>;
  readonly #voices = new Map<string, number>();
  #entry = -1;

  constructor(db: Database) {
    this.#addEntry = db.prepare('INSERT INTO entries (id, hash) VALUES (?, ?)');
    this.#addVoice = db.prepare(
      'INSERT INTO voices (author, organisation, roles) VALUES (?, ?, ?)',
    );
    this.#findVoice = db.prepare(
      'SELECT id FROM voices WHERE author = ? AND organisation = ? AND roles = ?',
    );
    this.#addStatement = db.prepare(
      `INSERT INTO statements
       (entry, place, clock, voice, kind, asset, subject_set, at, carried, body, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#addUnknown = db.prepare(
      'INSERT INTO unknowns (entry, place, kind, asset, subject_set) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** Returns the number under which the statement is stored. */
  add(arrival: number, standing: StandingStatement, subject: Subject): number {
    this.#openEntry(arrival, standing.entry);
    const { kind, at, body, carried } = standing.statement;
    const said: StoredWords = {
      kind,
      at,
      carried: carried === undefined ? null : JSON.stringify(carried),
      body: JSON.stringify(body),
    };
    return this.#addStatement.run(
      arrival,
      placeOf(standing.id),
      standing.clock,
      this.#voiceOf(standing),
      kind,
      subject.asset,
      subject.set,
      at,
      said.carried,
      said.body,
      sumOf(said),
    ).lastRowId;
  }

  addUnknown(arrival: number, entry: string, unknown: UnknownStatement, subject: Subject): void {
    this.#openEntry(arrival, entry);
    this.#addUnknown.run(arrival, placeOf(unknown.id), unknown.kind, subject.asset, subject.set);
  }

  /** To be called when a transaction was undone: nothing of it may be remembered. */
  forget(): void {
    this.#voices.clear();
    this.#entry = -1;
  }

  /** An entry has a row from its first stored statement on. */
  #openEntry(arrival: number, hash: string): void {
    if (this.#entry === arrival) return;
    this.#addEntry.run(arrival, hash);
    this.#entry = arrival;
  }

  #voiceOf({ author, organisation, roles }: StandingStatement): number {
    const joined = roles.join(' ');
    const key = `${author} ${organisation} ${joined}`;
    const known = this.#voices.get(key) ?? this.#findVoice.get(author, organisation, joined)?.id;
    const id = known ?? this.#addVoice.run(author, organisation, joined).lastRowId;
    this.#voices.set(key, id);
    return id;
  }
}

/** Returns the place in the batch that a statement's id ends with. */
export function placeOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
