import type { Cid } from '../../core/cid.ts';
import type { CollectionAccess } from '../../core/sharing/readership.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { parseStored } from '../file/damage.ts';
import { OF_INDEXED_KIND } from '../file/schema.ts';
import { NumberSet } from './number-set.ts';

/** Members that are read at once. */
const PAGE = 512;

/** So many are looked at while somebody waits; of more, others get their turn. */
const AT_ONCE = 2_000;

/**
 * Beyond so many members that no public collection has, nothing more can open the release, so that the others are not
 * looked at; one change has all looked at again. However many are withdrawn, what lies in public collections is read.
 */
const MOST_HIDDEN = 65_536;

/** Who may have an asset beside members. */
export interface Given {
  /** Anybody, now. */
  readonly isPublic: boolean;
  /** It lies in a public collection, whatever else is asked of it. */
  readonly isOpen: boolean;
}

/** An asset that was looked at. */
export interface LookedAt extends Given {
  /** Collections that may open it, each with the organisation whose word on it counts: keys of `accesses`. */
  readonly collections: readonly string[];
}

const NOTHING: LookedAt = { isPublic: false, isOpen: false, collections: [] };

/** What is known of the members of one release. */
interface Count {
  readonly release: Cid;
  readonly sets: readonly number[];
  /** By its own word. */
  readonly assets: number;
  /** The collections in which the members lie, each with whether it was public when they were looked at. */
  readonly collections: Map<string, boolean>;
  /** Some were looked at before a collection was shown or hidden, and some after. */
  isMixed: boolean;
  /** The newest change of an asset that is in it. */
  change: number;
  readonly pages: Iterator<void>;
  members: number;
  readonly notPublic: NumberSet;
  readonly notOpen: NumberSet;
  isWhole: boolean;
  failure: { readonly error: unknown } | undefined;
}

/**
 * Answers whether releases that were cut for anyone hold only what anybody may have. The members of a release are
 * looked at once, and then those alone that changed, so that an answer costs the same however large it is.
 */
export class ReleasedAccess implements Disposable {
  readonly #home: string;
  readonly #lookAt: (ids: readonly number[]) => ReadonlyMap<number, LookedAt>;
  readonly #accesses: () => ReadonlyMap<string, CollectionAccess>;
  readonly #said: Query<{ body: string; subject_set: number | null; organisation: string }>;
  readonly #page: Query<{ asset: number }>;
  readonly #isMember: Query<{ n: number }>;
  readonly #changed: Query<{ asset: number; change: number }>;
  readonly #newest: Query<{ change: number | null }>;
  /** A count that is begun anew goes to the end. */
  readonly #counts = new Map<Cid, Count>();
  /** Those that lay in public collections when they were looked at last. */
  readonly #opened = new Set<Cid>();
  #isRunning = false;

  /**
   * @param home Organisation of this home. Of a release that it has recorded its word counts alone, of any other
   * the word of the organisation that this home heard of it from first: a later one would open what is not its own.
   * @param accesses Who may read each collection now.
   */
  constructor(
    db: Database,
    home: string,
    lookAt: (ids: readonly number[]) => ReadonlyMap<number, LookedAt>,
    accesses: () => ReadonlyMap<string, CollectionAccess>,
  ) {
    this.#home = home;
    this.#lookAt = lookAt;
    this.#accesses = accesses;
    this.#said = db.prepare(
      `SELECT body, subject_set, organisation FROM statements INDEXED BY statements_by_kind JOIN voices ON voices.id = voice
       WHERE kind = 'release' AND ${OF_INDEXED_KIND}
       AND json_extract(body, '$.release') = ?
       ORDER BY organisation = ? DESC, statements.id`,
    );
    this.#page = db.prepare(
      `SELECT asset FROM members WHERE subject_set = ? AND asset > ? ORDER BY asset LIMIT ${PAGE}`,
    );
    this.#isMember = db.prepare(
      'SELECT count(*) AS n FROM members WHERE asset = ? AND subject_set IN (SELECT value FROM json_each(?))',
    );
    this.#changed = db.prepare(
      `SELECT asset, change FROM reshown WHERE change > ? ORDER BY change LIMIT ${AT_ONCE + 1}`,
    );
    this.#newest = db.prepare('SELECT max(change) AS change FROM reshown');
  }

  /** Returns undefined while the members are being looked at; nothing is given then. */
  of(release: Cid): Given | undefined {
    const known = this.#counts.get(release);
    const isUsable = known !== undefined && this.#isUpdated(known);
    const count = isUsable ? known : this.#begin(release);
    if (count === undefined) return NOTHING;
    while (count.assets <= AT_ONCE && isUnderWay(count)) this.#step(count);
    if (count.failure !== undefined) {
      // What failed is begun anew by whoever asks next; of half a page nothing is known.
      this.#counts.delete(release);
      throw count.failure.error;
    }
    if (!count.isWhole) {
      void this.#run();
      return undefined;
    }
    const isComplete = count.members >= count.assets;
    const isOpen = isComplete && count.notOpen.size === 0;
    if (isOpen) this.#opened.add(release);
    else this.#opened.delete(release);
    return { isPublic: isComplete && count.notPublic.size === 0, isOpen };
  }

  /** Says whether it was open when it was looked at last, and is being looked at again. */
  isUnderReview(release: Cid): boolean {
    return this.#opened.has(release) && this.of(release) === undefined;
  }

  /** Says whether this home's organisation has recorded it. */
  isOwn(release: Cid): boolean {
    return this.#said.all(release, this.#home)[0]?.organisation === this.#home;
  }

  [Symbol.dispose](): void {
    this.#counts.clear();
    this.#opened.clear();
  }

  #begin(release: Cid): Count | undefined {
    this.#counts.delete(release);
    const all = this.#said.all(release, this.#home);
    const whose = all[0]?.organisation;
    const counting = all.filter(({ organisation }) => organisation === whose);
    const said = counting.map(({ body, subject_set: set }) => {
      // Only bodies that were read by the schema of `release` are stored under that kind.
      return { set, ...(parseStored(body, `the release ${release}`) as BodyOf<'release'>) };
    });
    const open = said.filter(({ requester }) => requester === 'anyone');
    const [first] = open;
    if (first === undefined) return undefined;
    const { state, assets } = first;
    const sets = new Set(open.flatMap((one) => (one.state === state ? (one.set ?? []) : [])));
    const change = this.#newest.get()?.change ?? 0;
    const count: Count = {
      ...{ release, sets: [...sets], assets, change, members: 0 },
      ...{ collections: new Map(), isMixed: false },
      ...{ notPublic: new NumberSet(), notOpen: new NumberSet() },
      ...{ isWhole: false, failure: undefined },
      pages: this.#pagesOf([...sets], (ids) => this.#look(ids, count)),
    };
    this.#counts.set(release, count);
    return count;
  }

  *#pagesOf(sets: readonly number[], look: (ids: readonly number[]) => void): Generator<void> {
    for (const set of sets) {
      for (let after: number | undefined = -1; after !== undefined; ) {
        const ids: number[] = this.#page.all(set, after).map(({ asset }) => asset);
        look(ids);
        after = ids.length < PAGE ? undefined : ids.at(-1);
        yield;
      }
    }
  }

  #look(ids: readonly number[], count: Count): void {
    count.members += ids.length;
    this.#note(ids, count);
  }

  #note(ids: readonly number[], count: Count): void {
    const { notPublic, notOpen } = count;
    const given = this.#lookAt(ids);
    const accesses = this.#accesses();
    for (const id of ids) {
      const { isPublic, isOpen, collections } = given.get(id) ?? NOTHING;
      for (const key of collections) {
        const isShown = isShownIn(accesses, key);
        if ((count.collections.get(key) ?? isShown) !== isShown) count.isMixed = true;
        count.collections.set(key, isShown);
      }
      if (isPublic) notPublic.delete(id);
      else notPublic.add(id);
      if (isOpen) notOpen.delete(id);
      else notOpen.add(id);
    }
  }

  #isCut({ notOpen }: Count): boolean {
    return notOpen.size > MOST_HIDDEN;
  }

  #step(count: Count): void {
    try {
      count.isWhole = count.pages.next().done === true || this.#isCut(count);
    } catch (error) {
      // Whoever asks next is told.
      count.failure = { error };
    }
  }

  /** One lane for all: however many releases are looked at, others wait no longer for their turn. */
  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const turn = takeTurns();
    for (const count of this.#counts.values()) {
      // What was begun anew meanwhile is of no use.
      while (isUnderWay(count) && this.#counts.get(count.release) === count) {
        this.#step(count);
        await turn();
      }
    }
    this.#isRunning = false;
  }

  /**
   * Takes in what changed since; false where all is to be looked at anew, because that is very much, or a
   * collection in which members lie was shown or hidden.
   */
  #isUpdated(count: Count): boolean {
    if (count.isMixed) return false;
    const accesses = this.#accesses();
    for (const [key, wasShown] of count.collections) {
      if (isShownIn(accesses, key) !== wasShown) return false;
    }
    // What is being looked at takes it in at its end.
    if (!count.isWhole) return true;
    const changed = this.#changed.all(count.change);
    const sets = JSON.stringify(count.sets);
    const ids = changed
      .map(({ asset }) => asset)
      .filter((asset) => (this.#isMember.get(asset, sets)?.n ?? 0) > 0);
    if (changed.length > AT_ONCE || (ids.length > 0 && this.#isCut(count))) return false;
    this.#note(ids, count);
    count.change = changed.at(-1)?.change ?? count.change;
    return true;
  }
}

function isUnderWay({ isWhole, failure }: Count): boolean {
  return !isWhole && failure === undefined;
}

function isShownIn(accesses: ReadonlyMap<string, CollectionAccess>, key: string): boolean {
  return accesses.get(key)?.visibility === 'public';
}
