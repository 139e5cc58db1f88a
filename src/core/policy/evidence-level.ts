import { dayOf } from './days.ts';
import type { Level } from './documents.ts';
import type { DecisionInput, ProofInput, Ref } from './input.ts';
import { type Origin, originOf } from './origin.ts';
import type { Question } from './question.ts';

/** Days for which evidence must have been witnessed before it makes H5. */
export const H5_DAYS = 30;

export interface ShownLevel {
  readonly level: Level;
  /** The evidence it rests on. */
  readonly refs: readonly Ref[];
  /** It rests on custody by an institution that no other organisation has vetted. */
  readonly isSelfVetted: boolean;
  /** It rests on a sample of a set: the smallest, where there are several. */
  readonly sample: ProofInput['sample'];
}

const NOTHING: ShownLevel = { level: 'H0', refs: [], isSelfVetted: false, sample: null };

/**
 * Returns how much is shown for human making: the ladder of policy.md §2.
 *
 * Where the origin is partly or wholly generated, nothing is: H0. Class M (metadata) lifts only a
 * declaration; class X (detectors) never lifts, so it does not occur.
 */
export function levelOf(
  input: DecisionInput,
  question: Question,
  origin: Origin = originOf(input),
): ShownLevel {
  if (origin.class === 'SYNTHETIC' || origin.class === 'MIXED') return NOTHING;
  const proofs = countedProofs(input, question);
  const hasDeclaration = input.declarations.length > 0;
  const hasCustody = input.custodies.length > 0;
  const answersForMaking = hasDeclaration || (hasCustody && !input.isMakerLiving);
  const custody = input.custodies.map(({ ref }) => ref);
  const isSelfVetted = hasCustody && input.custodies.every((one) => one.isSelfVetted);
  const isStrong = proofs.length > 0;
  const sample = proofs.every((proof) => proof.sample !== null) ? smallest(proofs) : null;
  const proofRefs = proofs.flatMap((proof) => [proof.ref, ...proof.reviews]);
  if (answersForMaking && isStrong) {
    const refs = [...input.declarations, ...custody, ...proofRefs];
    const level = upperLevel(input, question, proofs);
    const reviews = level === 'H3' ? [] : input.reviews.map(({ ref }) => ref);
    const restsOnSelfVetted = isSelfVetted && !hasDeclaration;
    return { level, refs: [...refs, ...reviews], isSelfVetted: restsOnSelfVetted, sample };
  }
  if (hasCustody) return { level: 'H2', refs: custody, isSelfVetted, sample: null };
  const supporting = [...input.certifications, ...input.metadata];
  if (hasDeclaration && supporting.length > 0) {
    return { ...NOTHING, level: 'H2', refs: [...input.declarations, ...supporting] };
  }
  if (isStrong) return { level: 'H2', refs: proofRefs, isSelfVetted: false, sample };
  if (hasDeclaration) return { ...NOTHING, level: 'H1', refs: input.declarations };
  return NOTHING;
}

/** Age alone says too little of faces and voices, which generators had learnt earlier. */
function countedProofs(input: DecisionInput, question: Question): readonly ProofInput[] {
  const proofs = input.proofs.filter((proof) => counts(proof, input, question));
  const isOfPerson = input.flags.some(
    ({ flag, endedBy }) => flag === 'likeness' && endedBy.length === 0,
  );
  const needsMore = isOfPerson && proofs.every((proof) => proof.class === 'A');
  return needsMore && !hasSecondClass(input, proofs) ? [] : proofs;
}

/** A second strong class; whoever makes the only one count is not a second one as well. */
function hasSecondClass(input: DecisionInput, proofs: readonly ProofInput[]): boolean {
  const reviewers = new Set(input.reviews.map(({ reviewer }) => reviewer)).size;
  const isUnreviewed = proofs.every((proof) => proof.sample !== null);
  return new Set(proofs.map((proof) => proof.class)).size > 1 || reviewers > (isUnreviewed ? 0 : 1);
}

/** H3, H4 or H5, given that somebody answers for the making and a strong class is there. */
function upperLevel(
  input: DecisionInput,
  question: Question,
  proofs: readonly ProofInput[],
): Level {
  const organisations = new Set([
    ...proofs.map((proof) => proof.organisation),
    ...input.reviews.map(({ organisation }) => organisation),
    ...input.custodies.map(({ organisation }) => organisation),
  ]);
  if (!hasSecondClass(input, proofs) || organisations.size < 2) return 'H3';
  const reviewing = new Set(input.reviews.map(({ organisation }) => organisation));
  const isOpen = input.stops.some(
    ({ kind, endedBy }) => kind === 'dispute' && endedBy.length === 0,
  );
  const isLongWitnessed =
    input.witnessedDay !== null && dayOf(question.at) - input.witnessedDay >= H5_DAYS;
  return reviewing.size > 1 && isLongWitnessed && !isOpen ? 'H5' : 'H4';
}

function smallest(proofs: readonly ProofInput[]): ProofInput['sample'] {
  return proofs.reduce<ProofInput['sample']>(
    (least, { sample }) => (least === null || (sample?.size ?? 0) < least.size ? sample : least),
    null,
  );
}

function counts(proof: ProofInput, input: DecisionInput, { at, policy }: Question): boolean {
  if (proof.reviews.length === 0) return false;
  if (proof.sample !== null && !policy.sampledEvidence) return false;
  if (proof.expires !== null && proof.expires <= at) return false;
  if (proof.class !== 'A') return true;
  const existedBy = proof.existedBy;
  if (existedBy === null || input.media.length === 0) return false;
  return input.media.every((medium) => {
    // A medium is any text: only the table's own rows may answer for it.
    const cutOff = Object.hasOwn(policy.cutOffs, medium) ? policy.cutOffs[medium] : undefined;
    return cutOff !== undefined && existedBy <= cutOff;
  });
}
