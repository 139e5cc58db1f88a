import type { StatementId } from '../../statements/fields.ts';
import { sampleSize } from './draws.ts';

/** A reviewer's word on one draw, or on an item apart from any sample. */
export interface DrawReview {
  readonly id: StatementId;
  /** Names the attempt: its seed and size; null for a defect that somebody found apart from a sample. */
  readonly attempt: { readonly seed: string; readonly size: number } | null;
  readonly draw: number;
  readonly isDefect: boolean;
}

/** What the reviews of an attestation have shown. */
export interface JudgedSample<Review> {
  /** `defect`: an attempt failed and none after it was clean. `none`: no attempt is complete. */
  readonly outcome: 'none' | 'clean' | 'defect';
  /** Attempts that failed before the clean one; if there is none, all that failed. */
  readonly failures: number;
  /** Draws of the clean attempt, 0 without one. */
  readonly size: number;
  /** The reviews of the clean attempt, one for each draw. */
  readonly reviews: readonly Review[];
  /** Defects that were found when the clean attempt was over. */
  readonly later: readonly Review[];
}

interface Attempt<Review> {
  readonly size: number;
  readonly confirmed: Map<number, Review>;
  readonly defects: Review[];
}

/**
 * Judges the sample of a set attestation (policy.md §3). An attempt is clean when each of its draws is
 * confirmed and nothing in it is a defect, and if it has the size that the failed attempts before it
 * call for. A defect is before an attempt if it was in view of all its reviews, and else after it.
 *
 * `reviews` are those that count, of this attestation and, as `others`, the defects found in earlier
 * attestations by the same institution of some of the same assets: attesting again begins nothing anew.
 */
export function judgeSample<Review extends DrawReview>(
  count: number,
  { reviews, others }: { readonly reviews: readonly Review[]; readonly others: readonly Review[] },
  isBefore: (earlier: Review, later: Review) => boolean,
): JudgedSample<Review> {
  const attempts = attemptsOf(reviews);
  const failed = [...attempts.values(), ...attemptsOf(others).values()].filter(
    ({ defects }) => defects.length > 0,
  );
  const clean = [...attempts.values()]
    .filter(({ confirmed, defects, size }) => defects.length === 0 && confirmed.size === size)
    .sort((a, b) => b.size - a.size);
  const defects = [...attempts.values()].flatMap((attempt) => attempt.defects);
  for (const { size, confirmed } of clean) {
    const looked = [...confirmed.values()];
    const isEarlier = (defect: Review) => looked.every((review) => isBefore(defect, review));
    const failures = failed.filter((attempt) => attempt.defects.some(isEarlier)).length;
    if (size < sampleSize(failures, count)) continue;
    const later = defects.filter((defect) => !isEarlier(defect));
    return { outcome: 'clean', failures, size, reviews: looked, later };
  }
  const outcome = defects.length > 0 ? 'defect' : 'none';
  return { outcome, failures: failed.length, size: 0, reviews: [], later: [] };
}

function attemptsOf<Review extends DrawReview>(
  reviews: readonly Review[],
): ReadonlyMap<string, Attempt<Review>> {
  const attempts = new Map<string, Attempt<Review>>();
  for (const review of reviews) {
    const { attempt, draw, isDefect, id } = review;
    const name = attempt === null ? id : `${attempt.seed} ${attempt.size}`;
    const known: Attempt<Review> = attempts.get(name) ?? {
      size: attempt?.size ?? Number.POSITIVE_INFINITY,
      confirmed: new Map(),
      defects: [],
    };
    attempts.set(name, known);
    if (isDefect) known.defects.push(review);
    else if (!known.confirmed.has(draw)) known.confirmed.set(draw, review);
  }
  return attempts;
}
