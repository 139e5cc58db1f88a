import type { Cid } from '../../core/cid.ts';
import type { LapsedMember } from '../../core/ports/release-candidates.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { OF_INDEXED_KIND } from '../file/schema.ts';
import type { Asked, ClassVerdict, Verdicts } from '../verdicts.ts';

/** Members that are looked at in one go; some 5 ms. */
const PAGE = 4096;

/** Changed assets that are looked at in one go. */
const CHANGES = 1024;

/** Lapsed members of all releases together that are remembered. */
const MOST = 262_144;

interface MemberRow {
  readonly id: number;
  readonly cid: Cid;
  readonly class: number | null;
  readonly status: string | null;
}

/** An asset of any release; held where it is in the one that is asked for. */
interface ChangedRow extends MemberRow {
  readonly change: number;
  readonly held: 0 | 1;
}

/** What is known of one release by one question. */
interface Known {
  readonly question: string;
  readonly sets: string;
  /** By the number of the asset. */
  readonly lapsed: Map<number, LapsedMember>;
  /** The newest change of an asset that is in it. */
  change: number;
  /** First moment for which it is known, and the first at which time alone may change it. */
  from: string;
  until: string | null;
}

/**
 * Answers which members of releases no release could take now. The members of a release are looked at once by a
 * question, then those that entries have changed, and all again when time alone may have changed a verdict.
 */
export class LapsedMembers {
  readonly #verdicts: Verdicts;
  readonly #sets: Query<{ id: number }>;
  readonly #pageEnds: Query<{ id: number }>;
  readonly #rows: Query<MemberRow>;
  readonly #changed: Query<ChangedRow>;
  readonly #newest: Query<{ change: number | null }>;
  /** One question each: the one that was asked last. Those that were looked through last are at the end. */
  readonly #known = new Map<Cid, Known>();

  constructor(db: Database, verdicts: Verdicts) {
    this.#verdicts = verdicts;
    this.#sets = db.prepare(
      `SELECT DISTINCT subject_set AS id FROM statements INDEXED BY statements_by_kind
       WHERE kind = 'release' AND ${OF_INDEXED_KIND}
       AND json_extract(body, '$.release') = ? AND +subject_set IS NOT NULL ORDER BY id`,
    );
    this.#pageEnds = db.prepare(
      `SELECT asset AS id FROM members WHERE subject_set = ? AND asset > ?
       ORDER BY asset LIMIT 1 OFFSET ${PAGE - 1}`,
    );
    // Nearly all are as they were: the others alone are rows.
    this.#rows = db.prepare(
      `SELECT id, cid, class, status FROM members CROSS JOIN assets ON id = asset
       WHERE subject_set = ? AND asset > ? AND asset <= ? AND (status IS NOT 'deposited'
         OR class IS NULL OR class NOT IN (SELECT value FROM json_each(?)))
       ORDER BY asset`,
    );
    this.#changed = db.prepare(
      `SELECT change, id, cid, class, status, EXISTS (SELECT 1 FROM members
         WHERE members.asset = id AND subject_set IN (SELECT value FROM json_each(?2))) AS held
       FROM reshown CROSS JOIN assets ON id = reshown.asset
       WHERE change > ?1 ORDER BY change LIMIT ${CHANGES}`,
    );
    this.#newest = db.prepare('SELECT max(change) AS change FROM reshown');
  }

  /**
   * Returns the members of a release that no release could take now, and yields between one part of the work and
   * the next: each is of the moment at which it is asked for, the last one takes in what came before it.
   */
  *of(release: Cid, asked: Asked): Generator<void, readonly LapsedMember[]> {
    const question = this.#verdicts.keyOf(asked);
    const sets = JSON.stringify(this.#sets.all(release).map(({ id }) => id));
    const found = this.#known.get(release);
    const holds = found?.question === question && found.sets === sets && holdsAt(found, asked.at);
    const known = holds ? found : yield* this.#lookThrough(sets, question, asked);
    while (this.#takeIn(known, asked)) yield;
    if (!holds) this.#keep(release, known);
    return [...known.lapsed.values()];
  }

  *#lookThrough(sets: string, question: string, asked: Asked): Generator<void, Known> {
    const { at: from } = asked;
    const change = this.#newest.get()?.change ?? 0;
    const known: Known = { question, sets, lapsed: new Map(), change, from, until: null };
    for (const set of JSON.parse(sets) as readonly number[]) {
      for (let after: number | undefined = 0; after !== undefined; ) {
        const last: number | undefined = this.#pageEnds.get(set, after)?.id;
        this.#look(known, { set, after, last: last ?? Number.MAX_SAFE_INTEGER }, asked);
        after = last;
        yield;
      }
    }
    return known;
  }

  #look(
    known: Known,
    { set, after, last }: { readonly set: number; readonly after: number; readonly last: number },
    asked: Asked,
  ): void {
    const answers = this.#verdicts.answer(asked);
    const eligible: number[] = [];
    for (const id of this.#verdicts.assetsByClass().keys()) {
      const answer = answers.get(id);
      if (answer?.verdict === 'eligible') eligible.push(id);
      known.until = earlier(known.until, answer?.until ?? null);
    }
    for (const row of this.#rows.all(set, after, last, JSON.stringify(eligible))) {
      note(known, row, row.class === null ? undefined : answers.get(row.class));
    }
  }

  /** Looks at some members that have changed since; returns whether there may be more. */
  #takeIn(known: Known, asked: Asked): boolean {
    const changed = this.#changed.all(known.change, known.sets);
    for (const row of changed) {
      if (row.held === 1) {
        const answer = row.class === null ? undefined : this.#verdicts.answerFor(row.class, asked);
        note(known, row, answer);
        known.until = earlier(known.until, answer?.until ?? null);
        // What was decided now says nothing of before.
        known.from = asked.at;
      }
      known.change = row.change;
    }
    return changed.length === CHANGES;
  }

  #keep(release: Cid, known: Known): void {
    this.#known.delete(release);
    this.#known.set(release, known);
    let most = MOST;
    for (const [one, { lapsed }] of [...this.#known].reverse()) {
      most -= lapsed.size;
      if (most < 0) this.#known.delete(one);
    }
  }
}

function note(
  { lapsed }: Known,
  { id, cid: asset, status }: MemberRow,
  answer: ClassVerdict | undefined,
): void {
  if (status === 'deposited' && answer?.verdict === 'eligible') {
    lapsed.delete(id);
    return;
  }
  const reason = status === 'withdrawn' ? 'E_WITHDRAWN' : 'E_UNKNOWN';
  const isRemoved = status === 'removed';
  lapsed.set(id, { asset, reason: answer?.headline?.code ?? reason, isRemoved });
}

function holdsAt({ from, until }: Known, at: string): boolean {
  return from <= at && (until === null || at < until);
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
