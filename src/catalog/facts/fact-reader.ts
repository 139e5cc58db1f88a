import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { recordsOf } from '../../core/entries/references.ts';
import type { ListedKind } from '../../core/ports/asset-lists.ts';
import type {
  AssetFacts,
  StandingStatement,
  UnknownStatement,
} from '../../core/provenance/facts.ts';
import { reduceFacts } from '../../core/provenance/reduce.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { Role } from '../../core/statements/kinds.ts';
import type { About, Statement } from '../../core/statements/statement.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { type StoredWords, sumOf } from '../file/check-sums.ts';
import { CatalogDamagedError, parseStored, required } from '../file/damage.ts';
import { OF_INDEXED_KIND } from '../file/schema.ts';

interface StatementRow extends StoredWords {
  readonly entry: number;
  readonly place: number;
  readonly clock: number;
  readonly voice: number;
  readonly sum: number;
}

/** What a statement is about, where it is read without being asked for that. */
interface SubjectRow {
  readonly asset_cid: Cid | null;
  readonly set_cid: Cid | null;
}

type ListedRow = StatementRow & SubjectRow & { readonly id: number };

/** Some of the statements that are listed, in order of arrival. */
interface ListedPage {
  readonly statements: readonly StandingStatement[];
  /** The number to go on after; undefined at the end. */
  readonly next: number | undefined;
}

interface UnknownRow {
  readonly entry: number;
  readonly place: number;
  readonly kind: string;
}

interface Voice {
  readonly author: Did;
  readonly organisation: string;
  readonly roles: readonly Role[];
}

/** An organisation that witnessed an entry, and the day since which it has. */
interface Witness {
  readonly organisation: string;
  readonly since: string;
}

interface EntryRow {
  readonly hash: EntryHash;
  readonly witnesses: readonly Witness[];
}

/** A statement, with everybody who witnessed it. */
interface Witnessed {
  readonly standing: StandingStatement;
  readonly witnesses: readonly Witness[];
}

/** What is said about one set, shared by the facts of all its members. */
interface Said {
  readonly known: readonly Witnessed[];
  readonly unknown: readonly UnknownStatement[];
}

/** Entries and sets that are kept parsed; beyond that the oldest knowledge is read again. */
const CACHE_SIZE = 4096;

/** Statements of one kind that are read at once. */
const KIND_PAGE = 256;

const COLUMNS = 'entry, place, clock, voice, kind, at, carried, body, sum';

/** Rebuilds what stands about an asset from the catalog alone, by the reducer of `core`. */
export class FactReader {
  readonly #statementsOfAsset: Query<StatementRow>;
  readonly #statementsOfSet: Query<StatementRow>;
  readonly #statementsOfKind: Query<ListedRow>;
  readonly #receiptsOf: Query<ListedRow>;
  readonly #unknownsOfAsset: Query<UnknownRow>;
  readonly #unknownsOfSet: Query<UnknownRow>;
  readonly #hasErasures: Query<{ n: number }>;
  readonly #erasuresOf: Query<StatementRow>;
  readonly #setsOf: Query<{ id: number; cid: Cid }>;
  readonly #voice: Query<{ author: Did; organisation: string; roles: string }>;
  readonly #entry: Query<{ hash: EntryHash }>;
  readonly #witnesses: Query<Witness>;
  readonly #voices = new Map<number, Voice>();
  readonly #entries = new Map<number, EntryRow>();
  readonly #sets = new Map<number, Said>();

  constructor(db: Database) {
    this.#statementsOfAsset = db.prepare(`SELECT ${COLUMNS} FROM statements WHERE asset = ?`);
    this.#statementsOfSet = db.prepare(`SELECT ${COLUMNS} FROM statements WHERE subject_set = ?`);
    const listed = `SELECT id, ${COLUMNS}, (SELECT cid FROM assets WHERE id = asset) AS asset_cid,
       (SELECT cid FROM sets WHERE id = subject_set) AS set_cid FROM statements`;
    const page = `AND id > ? ORDER BY id LIMIT ${KIND_PAGE}`;
    this.#statementsOfKind = db.prepare(
      `${listed} INDEXED BY statements_by_kind WHERE kind = ? AND ${OF_INDEXED_KIND} ${page}`,
    );
    this.#receiptsOf = db.prepare(
      `${listed} WHERE kind = 'receipt' AND json_extract(body, '$.release') = ? ${page}`,
    );
    this.#unknownsOfAsset = db.prepare('SELECT entry, place, kind FROM unknowns WHERE asset = ?');
    this.#unknownsOfSet = db.prepare(
      'SELECT entry, place, kind FROM unknowns WHERE subject_set = ?',
    );
    this.#hasErasures = db.prepare('SELECT 1 AS n FROM erasures LIMIT 1');
    this.#erasuresOf = db.prepare(
      `SELECT ${COLUMNS} FROM statements
       WHERE id IN (SELECT statement FROM erasures WHERE record = ?)`,
    );
    this.#setsOf = db.prepare(
      'SELECT sets.id, sets.cid FROM members JOIN sets ON sets.id = subject_set WHERE asset = ?',
    );
    this.#voice = db.prepare('SELECT author, organisation, roles FROM voices WHERE id = ?');
    this.#entry = db.prepare('SELECT hash FROM entries WHERE id = ?');
    this.#witnesses = db.prepare(
      'SELECT organisation, since FROM witnesses WHERE entry = ? ORDER BY organisation',
    );
  }

  /** To be called when entries have been projected: sets and witnesses may have changed. */
  forget(): void {
    this.#entries.clear();
    this.#sets.clear();
  }

  /**
   * Returns what stands about an asset.
   *
   * Organisations that deposited the asset are left out of the witnesses, and where there is no
   * deposit all are: their checkpoints never count (policy.md §6, R0), so they change nothing.
   */
  facts(asset: { readonly id: number; readonly cid: Cid }): AssetFacts {
    const about: About = { asset: asset.cid };
    const known = this.#statementsOfAsset.all(asset.id).map((row) => this.#toWitnessed(row, about));
    const unknown = this.#unknownsOfAsset.all(asset.id).map((row) => this.#toUnknown(row, about));
    for (const set of this.#setsOf.all(asset.id)) {
      const said = this.#saidOf(set);
      known.push(...said.known);
      unknown.push(...said.unknown);
    }
    const standing = withoutDepositors(known);
    return reduceFacts(asset.cid, [...this.erasuresOf(standing), ...standing], unknown);
  }

  /** Returns the erasures of records that these statements name, whatever the erasures are about. */
  erasuresOf(said: readonly StandingStatement[]): readonly StandingStatement[] {
    if (this.#hasErasures.get() === undefined) return [];
    const records = new Set(said.flatMap(({ statement }) => recordsOf(statement)));
    return [...records].flatMap((record) =>
      this.#erasuresOf
        .all(record)
        .map((row) => this.#toStanding(row, null, this.#entryOf(row.entry).hash)),
    );
  }

  /** Returns statements of one kind after the one with a number. The schema has an index of these kinds. */
  ofKind(kind: ListedKind, after: number): ListedPage {
    return this.#pageOf(this.#statementsOfKind.all(kind, after));
  }

  receiptsOf(release: Cid, after: number): ListedPage {
    return this.#pageOf(this.#receiptsOf.all(release, after));
  }

  #pageOf(rows: readonly ListedRow[]): ListedPage {
    const statements = rows.map(({ id: _id, asset_cid: asset, set_cid: set, ...row }) => {
      const about = asset !== null ? { asset } : set !== null ? { set } : null;
      return this.#toWitnessed(row, about).standing;
    });
    return { statements, next: rows.length < KIND_PAGE ? undefined : rows.at(-1)?.id };
  }

  #saidOf(set: { readonly id: number; readonly cid: Cid }): Said {
    const cached = this.#sets.get(set.id);
    if (cached !== undefined) return cached;
    const about: About = { set: set.cid };
    const said = {
      known: this.#statementsOfSet.all(set.id).map((row) => this.#toWitnessed(row, about)),
      unknown: this.#unknownsOfSet.all(set.id).map((row) => this.#toUnknown(row, about)),
    };
    return remember(this.#sets, set.id, said);
  }

  #toWitnessed(row: StatementRow, about: About): Witnessed {
    const { hash, witnesses } = this.#entryOf(row.entry);
    return { standing: this.#toStanding(row, about, hash), witnesses };
  }

  #toStanding(row: StatementRow, about: About, hash: EntryHash): StandingStatement {
    const id = `${hash}/${row.place}`;
    if (sumOf(row) !== row.sum) throw new CatalogDamagedError(`${id} is not what was stored`);
    return {
      id,
      entry: hash,
      clock: row.clock,
      ...this.#voiceOf(row.voice),
      witnesses: [],
      // It was read by its kind's schema before it was stored, and a stored body is never changed.
      statement: {
        kind: row.kind,
        v: 1,
        about,
        at: row.at,
        body: parseStored(row.body, id),
        ...(row.carried === null ? {} : { carried: parseStored(row.carried, id) }),
      } as Statement,
    };
  }

  #toUnknown(row: UnknownRow, about: About): UnknownStatement {
    return { id: `${this.#entryOf(row.entry).hash}/${row.place}`, about, kind: row.kind };
  }

  #voiceOf(id: number): Voice {
    const cached = this.#voices.get(id);
    if (cached !== undefined) return cached;
    const row = required(this.#voice.get(id), `voice ${id}`);
    // Roles are joined from a list of roles when the row is written.
    return remember(this.#voices, id, { ...row, roles: row.roles.split(' ') as Role[] });
  }

  #entryOf(id: number): EntryRow {
    const cached = this.#entries.get(id);
    if (cached !== undefined) return cached;
    const row = required(this.#entry.get(id), `entry ${id}`);
    return remember(this.#entries, id, { hash: row.hash, witnesses: this.#witnesses.all(id) });
  }
}

function withoutDepositors(said: readonly Witnessed[]): readonly StandingStatement[] {
  const depositors = new Set<string>();
  for (const { standing } of said) {
    if (standing.statement.kind === 'deposit') depositors.add(standing.organisation);
  }
  return said.map(({ standing, witnesses }) => {
    if (witnesses.length === 0 || depositors.size === 0) return standing;
    const counted = witnesses.filter(({ organisation }) => !depositors.has(organisation));
    const [since] = counted
      .filter(({ organisation }) => organisation !== standing.organisation)
      .map((witness) => witness.since)
      .sort();
    return {
      ...standing,
      witnesses: counted.map(({ organisation }) => organisation),
      ...(since === undefined ? {} : { witnessedSince: since }),
    };
  });
}

function remember<K, V>(cache: Map<K, V>, key: K, value: V): V {
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, value);
  return value;
}
