import type { Cid } from '../../core/cid.ts';
import type { DecisionInput } from '../../core/policy/input.ts';
import { ownWithholding } from '../../core/policy/withholding.ts';
import type { AssetAccess, WantedAsset, WantedBy } from '../../core/ports/replica-wants.ts';
import { newestOf } from '../../core/provenance/age.ts';
import {
  type AssetDeposit,
  type CollectionAccess,
  isOpenToAll,
  isPublic,
  OWN_ORGANISATION,
} from '../../core/sharing/readership.ts';
import { isWanted } from '../../core/sharing/replica-policy.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { parseStored, required } from '../file/damage.ts';
import { OF_INDEXED_KIND } from '../file/schema.ts';
import type { Verdicts } from '../verdicts.ts';
import type { AssetReader, AssetRow } from './asset-reader.ts';
import { type Given, type LookedAt, ReleasedAccess } from './released-access.ts';
import { WhileUnchanged } from './while-unchanged.ts';

/** Rows that are read at once. */
const PAGE = 512;

interface AccessRow {
  readonly entry: EntryHash;
  readonly place: number;
  readonly clock: number;
  readonly organisation: string;
  readonly body: string;
}

/** What keeps a class of assets from those who may have them otherwise. */
interface Standing {
  readonly isStopped: boolean;
  readonly isWithdrawn: boolean;
}
const FREE: Standing = { isStopped: false, isWithdrawn: false };

/** Answers who may have an asset, and which ones a replica should hold. */
export class ReplicaReader implements Disposable {
  readonly #home: string;
  readonly #assets: AssetReader;
  readonly #verdicts: Verdicts;
  readonly #deposits: Query<{ collection: string; organisation: string }>;
  readonly #said: Query<AccessRow>;
  readonly #lastStatement: Query<{ id: number | null }>;
  readonly #statements: Query<{ id: number; asset: number | null; subject_set: number | null }>;
  readonly #members: Query<{ asset: number }>;
  readonly #children: Query<{ child: number }>;
  readonly #byClass: Query<{ id: number }>;
  readonly #input: Query<{ input: string }>;
  readonly #released: ReleasedAccess;
  /** By class, so many as there are. */
  readonly #standings = new Map<number, Standing>();
  readonly #givenReleases: WhileUnchanged<Given | undefined>;
  readonly #accesses: WhileUnchanged<ReadonlyMap<string, CollectionAccess>>;
  readonly #kept: WhileUnchanged<AssetAccess | undefined>;

  /** @param home Organisation of this home. */
  constructor(db: Database, assets: AssetReader, verdicts: Verdicts, home: string) {
    this.#home = home;
    this.#released = new ReleasedAccess(
      db,
      home,
      (ids) => this.#lookAt(ids),
      () => this.collectionAccesses(),
    );
    this.#givenReleases = new WhileUnchanged(db);
    this.#accesses = new WhileUnchanged(db);
    this.#kept = new WhileUnchanged(db);
    this.#assets = assets;
    this.#verdicts = verdicts;
    this.#deposits = db.prepare(
      `SELECT salted AS collection, organisation FROM deposits
       JOIN statements ON statements.id = deposits.id
       JOIN voices ON voices.id = voice
       JOIN collections ON collections.id = collection
       WHERE deposits.asset = ?
       GROUP BY salted, organisation ORDER BY min(deposits.entry), min(deposits.place)`,
    );
    this.#said = db.prepare(
      `SELECT entries.hash AS entry, place, clock, organisation, body FROM statements INDEXED BY statements_by_kind
       JOIN entries ON entries.id = entry JOIN voices ON voices.id = voice
       WHERE kind = 'collection' AND ${OF_INDEXED_KIND}`,
    );
    this.#lastStatement = db.prepare('SELECT max(id) AS id FROM statements');
    // Proofs of holding change nothing about what is wanted, and speak of very many.
    this.#statements = db.prepare(
      `SELECT id, asset, subject_set FROM statements
       WHERE id > ? AND kind NOT IN ('holding', 'fixity') ORDER BY id LIMIT ${PAGE}`,
    );
    this.#members = db.prepare(
      `SELECT asset FROM members WHERE subject_set = ? AND asset > ? ORDER BY asset LIMIT ${PAGE}`,
    );
    this.#input = db.prepare('SELECT input FROM classes WHERE id = ?');
    this.#children = db.prepare('SELECT child FROM edges WHERE parent = ?');
    this.#byClass = db.prepare(
      `SELECT id FROM assets WHERE class = ? AND id > ? ORDER BY id LIMIT ${PAGE}`,
    );
  }

  /** To be called when entries have been projected. */
  forget(): void {
    this.#standings.clear();
  }

  /** To be called before the file is closed. */
  [Symbol.dispose](): void {
    this.#released[Symbol.dispose]();
  }

  /**
   * Says whether a release was cut for anyone, and all in it is public and here to be looked at; undefined while that
   * is being found out.
   */
  isPublicRelease(release: Cid): boolean | undefined {
    return this.#givenReleases.get(release, () => this.#released.of(release))?.isPublic;
  }

  /** Says the same of one in which all lies in public collections, whatever was withdrawn. */
  isOpenRelease(release: Cid): boolean | undefined {
    return this.#givenReleases.get(release, () => this.#released.of(release))?.isOpen;
  }

  isReleaseUnderReview(release: Cid): boolean {
    return this.#released.isUnderReview(release);
  }

  isOwnRelease(release: Cid): boolean {
    return this.#released.isOwn(release);
  }

  access(cid: Cid): AssetAccess | undefined {
    return this.#kept.get(cid, () => this.#readAccessOf(cid));
  }

  #readAccessOf(cid: Cid): AssetAccess | undefined {
    const row = this.#assets.rowOf(cid);
    return row === undefined ? undefined : this.#accessOf(row);
  }

  #accessOf({ id, class: decidedBy, size, status, media: mediaType }: AssetRow): AssetAccess {
    const { isStopped, isWithdrawn } = decidedBy === null ? FREE : this.#standing(decidedBy);
    const now = isWithdrawn && status !== 'removed' ? 'withdrawn' : status;
    return { size, status: now, mediaType, isStopped, deposits: this.#depositsOf(id) };
  }

  /**
   * Yields the numbers of assets that may be wanted, and undefined whenever there is no more for now;
   * goes on, when asked again, with what changed since: every asset at first, then those of which
   * something new was said, those made from them, and those whose class became eligible by time.
   */
  *changes(want: WantedBy): Generator<number | undefined, never> {
    let last = this.#lastStatement.get()?.id ?? 0;
    let before = this.#verdictsFor(want);
    yield* paged((after) => this.#assets.idsAfter(after, PAGE));
    for (;;) {
      yield undefined;
      for (let page = this.#statements.all(last); page.length > 0; ) {
        for (const { asset, subject_set: set } of page) {
          if (asset !== null) yield* this.#withChildren(asset);
          if (set === null) continue;
          const members = paged((after) => this.#members.all(set, after).map((row) => row.asset));
          for (const member of members) yield* this.#withChildren(member);
        }
        last = page.at(-1)?.id ?? last;
        page = this.#statements.all(last);
      }
      const now = this.#verdictsFor(want);
      for (const [added, verdict] of now) {
        // Who is in a class that was not there before has just been told of.
        if (verdict !== 'eligible' || (before.get(added) ?? verdict) === verdict) continue;
        yield* paged((after) => this.#byClass.all(added, after).map(({ id }) => id));
      }
      before = now;
    }
  }

  /** Returns those of some assets that are wanted. */
  wanted(ids: readonly number[], want: WantedBy): readonly WantedAsset[] {
    const verdicts = this.#verdictsFor(want);
    return this.#assets.rows(ids).filter((row) => this.#isWanted(row, want, verdicts));
  }

  #lookAt(ids: readonly number[]): ReadonlyMap<number, LookedAt> {
    return new Map(
      this.#assets.rows(ids).map((row) => {
        const access = this.#accessOf(row);
        const { deposits } = access;
        const collections = deposits.filter(({ opens }) => opens).map(accessKey);
        return [row.id, { isPublic: isPublic(access), isOpen: isOpenToAll(deposits), collections }];
      }),
    );
  }

  /** What is said of a work stands for its renditions, and theirs, as well, whoever says that they are some. */
  #standing(id: number): Standing {
    const known = this.#standings.get(id);
    if (known !== undefined) return known;
    const { input } = required(this.#input.get(id), `class ${id}`);
    // Only what `classes.idOf` was given is stored as the input of a class.
    const read = parseStored(input, `class ${id}`) as DecisionInput;
    const all = new Set(ownWithholding(read));
    for (const { withheld } of read.masters) for (const why of withheld) all.add(why);
    const standing = { isStopped: all.has('stopped'), isWithdrawn: all.has('withdrawn') };
    this.#standings.set(id, standing);
    return standing;
  }

  #isWanted(row: AssetRow, want: WantedBy, verdicts: ClassVerdicts): boolean {
    const isInCollection = want.policies.some(({ kind }) => kind === 'collection');
    return isWanted(want.policies, {
      status: row.status,
      mediaType: row.media,
      collections: isInCollection ? this.#depositsOf(row.id).map((one) => one.collection) : [],
      isEligible: () => row.class !== null && verdicts.get(row.class) === 'eligible',
    });
  }

  #verdictsFor({ policies, policy, at }: WantedBy): ClassVerdicts {
    if (!policies.some(({ kind }) => kind === 'eligible')) return NONE;
    const answers = this.#verdicts.answer({
      purpose: 'ai_generative_training',
      requester: 'anyone',
      policy,
      at: at(),
      isForReplicas: true,
    });
    return new Map([...answers].map(([id, { verdict }]) => [id, verdict]));
  }

  *#withChildren(asset: number): Generator<number> {
    const seen = new Set([asset]);
    for (const one of seen) {
      yield one;
      for (const { child } of this.#children.all(one)) seen.add(child);
    }
  }

  #depositsOf(asset: number): readonly AssetDeposit[] {
    const rows = this.#deposits.all(asset);
    const first = rows[0]?.organisation;
    return rows.map(({ collection, organisation }) => ({
      collection,
      organisation,
      opens: organisation === first || organisation === this.#home,
      ...this.collectionAccess(collection, organisation),
    }));
  }

  /** Returns who may read what an organisation deposits in a collection: its own word counts alone. */
  collectionAccess(collection: string, organisation: string): CollectionAccess {
    return (
      this.collectionAccesses().get(accessKey({ collection, organisation })) ?? OWN_ORGANISATION
    );
  }

  collectionAccesses(): ReadonlyMap<string, CollectionAccess> {
    return this.#accesses.get('all', () => this.#readAccess());
  }

  #readAccess(): ReadonlyMap<string, CollectionAccess> {
    const said = this.#said.all().map(({ body, ...row }) => {
      // Only bodies that were read by the schema of `collection` are stored under that kind.
      const read = parseStored(body, 'the readers of a collection') as BodyOf<'collection'>;
      const key = accessKey({ ...read, organisation: row.organisation });
      return { ...row, id: `${row.entry}/${row.place}`, key, read };
    });
    const access = new Map<string, CollectionAccess>();
    for (const [key, group] of Map.groupBy(said, (one) => one.key)) {
      const newest = newestOf(group);
      if (newest === undefined) continue;
      const { visibility, readers } = newest.read;
      access.set(key, { visibility, readers });
    }
    return access;
  }
}

/** Names the word of one organisation about a collection. */
function accessKey({
  collection,
  organisation,
}: Pick<AssetDeposit, 'collection' | 'organisation'>): string {
  return `${collection} ${organisation}`;
}

/** Verdicts by class. */
type ClassVerdicts = ReadonlyMap<number, string>;

const NONE: ClassVerdicts = new Map();

function* paged(read: (after: number) => readonly number[]): Generator<number> {
  for (let page = read(0); page.length > 0; page = read(page.at(-1) ?? 0)) yield* page;
}
