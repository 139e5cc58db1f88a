import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RUBRICS, rubricNamed } from '../../core/policy/rubrics.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { noteOf, oneAsset, type Stated, stateAbout } from '../state-about.ts';

type Review = BodyOf<'review'>;
type Parts = Pick<Archive, 'catalog' | 'ledger'>;

export interface ReviewRequest {
  readonly asset: Cid;
  /** Name of a rubric, or the medium it is for. */
  readonly rubric: string;
  readonly outcome: Review['outcome'];
  /** The reviewer states that they made, deposited and profit from none of it. */
  readonly hasNoStake: boolean;
  readonly evidence: readonly string[];
  /** The draw of a set attestation that this judges. */
  readonly draw?: { readonly attestation: string; readonly number: number } | undefined;
  readonly note: string | undefined;
}

/**
 * Records what a reviewer saw; durable when the promise resolves.
 *
 * @throws {ArchiveError} as {@link reviewWords}; `statement_rejected` if this home may not review.
 */
export async function addReview(request: ReviewRequest, archive: Archive): Promise<Stated> {
  const words = reviewWords(request, archive);
  const saying = { subject: oneAsset(request.asset), record: noteOf(request.note) };
  return stateAbout('review', (record) => ({ ...words, record }), saying, archive);
}

/**
 * Returns the words of a review, without the record of its note.
 *
 * @throws {ArchiveError} `review_refused` where the reviewer has a stake or says so, where a draw is not
 * the asset's, or is judged; `usage_invalid` for an unknown rubric.
 */
export function reviewWords(
  request: Omit<ReviewRequest, 'note'>,
  archive: Parts,
): Omit<Review, 'record'> {
  const { asset, outcome } = request;
  const rubric = rubricNamed(request.rubric);
  if (rubric === undefined) {
    const names = Object.keys(RUBRICS).join(', ');
    throw new ArchiveError('usage_invalid', `no rubric ${request.rubric}; there are ${names}`);
  }
  if (!request.hasNoStake) {
    throw refused(
      'a review needs the statement that you made, deposited and profit from none of it',
    );
  }
  const sample = request.draw === undefined ? null : drawn(asset, request.draw, archive);
  if (sample === null) refuseDepositor(asset, archive);
  const evidence = [...new Set(request.evidence)].sort();
  return { rubric, outcome, conflict: 'none', evidence, sample };
}

/**
 * Returns if a review that was signed earlier would be of use still.
 *
 * @throws {ArchiveError} `review_refused` as {@link reviewWords}.
 */
export function refuseIdleReview(asset: Cid, { sample, conflict }: Review, archive: Parts): void {
  if (conflict !== 'none') throw refused('a review by somebody with a stake counts for nothing');
  if (sample === null) refuseDepositor(asset, archive);
  else drawn(asset, { attestation: sample.attestation, number: sample.draw }, archive);
}

/** The rules leave such a review aside; whoever makes one should know before. */
function refuseDepositor(asset: Cid, { catalog, ledger }: Parts): void {
  const facts = catalog.facts(asset);
  const deposits = facts === undefined ? [] : factsOf(facts, 'deposit');
  if (deposits.some(({ organisation }) => organisation === ledger.self.organisation)) {
    throw refused(
      `${asset} was deposited by your own organisation, with whatever key; ask a reviewer of another`,
    );
  }
}

function drawn(
  asset: Cid,
  { attestation, number }: NonNullable<ReviewRequest['draw']>,
  { catalog, ledger }: Parts,
): NonNullable<Review['sample']> {
  const view = catalog.attestation(attestation);
  if (view === undefined) {
    throw new ArchiveError('not_found', `no set attestation ${attestation} can be read here`);
  }
  if (view.organisation === ledger.self.organisation) {
    throw refused('an institution does not judge its own attestation; ask a reviewer of another');
  }
  const next = catalog.nextDraws(attestation, Number.MAX_SAFE_INTEGER);
  const draw = next?.draws.find((one) => one.draw === number);
  if (next === undefined || draw?.asset !== asset) {
    throw refused(`draw ${number} is not to be judged for ${asset}; "review next" says what is`);
  }
  return { attestation, seed: next.seed, size: next.size, draw: number };
}

function refused(problem: string): ArchiveError {
  return new ArchiveError('review_refused', problem);
}
