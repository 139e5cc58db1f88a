/** What was said about one node's copy of an asset. */
export interface CopyHistory<Said> {
  /** The node's own deposits, its first proof. */
  readonly deposits: readonly Said[];
  /** Challenges by others that it passed. */
  readonly passed: readonly Said[];
  /** Its own checks that found the copy whole. */
  readonly renewed: readonly Said[];
  /** Challenges that it failed, or did not answer. */
  readonly failed: readonly Said[];
  /** Its own checks that found the copy damaged or gone. */
  readonly lost: readonly Said[];
}

/**
 * Returns the proofs of a copy that stand; none where the copy does not count.
 *
 * A copy that its node found lost comes back by a later check of any sort, one that failed a
 * challenge only by a later challenge that it passed: what is said beside a refusal undoes nothing. A
 * node's word alone never makes a copy.
 */
export function standingProofs<Said>(
  { deposits, passed, renewed, failed, lost }: CopyHistory<Said>,
  isBefore: (earlier: Said, later: Said) => boolean,
): readonly Said[] {
  if (deposits.length + passed.length === 0) return [];
  const proofs = [...deposits, ...passed, ...renewed];
  const refusals = [...failed, ...lost];
  const isAfterAll = (proof: Said) => refusals.every((refusal) => isBefore(refusal, proof));
  const restorers = failed.length > 0 ? passed : proofs;
  return restorers.some(isAfterAll) ? proofs.filter(isAfterAll) : [];
}
