import { type Fact, factsOf } from '../../provenance/facts.ts';
import { isCaptureShown } from '../capture.ts';
import { dayOf } from '../days.ts';
import type { CustodyInput, DecisionInput, ProofInput, ReviewInput } from '../input.ts';
import { type Attested, attestationsOf } from './attestations.ts';
import {
  certificationCounts,
  declarationCounts,
  reviewCounts,
  vettedInstitutionOf,
} from './counting.ts';
import type { FactContext } from './fact-context.ts';
import { metadataOf } from './metadata.ts';
import type { Numbering } from './numbering.ts';
import { ordered } from './order.ts';
import type { Reading } from './reading.ts';

const PROOF_CLASS = { capture: 'C', process: 'P', age: 'A' } as const;

type Evidence = Pick<
  DecisionInput,
  | 'declarations'
  | 'certifications'
  | 'metadata'
  | 'custodies'
  | 'isMakerLiving'
  | 'proofs'
  | 'reviews'
  | 'witnessedDay'
>;

/** Returns the evidence that counts, by class. What is contradicted does not. */
export function evidenceOf(reading: Reading): Evidence {
  const { facts, numbering, context, isContradicted } = reading;
  const standing = <F extends { readonly id: string }>(list: readonly F[]) =>
    list.filter((fact) => !isContradicted(fact.id));
  const declarations = standing(factsOf(facts, 'declaration')).filter((fact) =>
    declarationCounts(fact, reading),
  );
  const certifications = standing(factsOf(facts, 'certification')).filter((fact) =>
    certificationCounts(fact, facts),
  );
  const attestations = attestationsOf(reading);
  const counted = attestations.filter(({ isCounted }) => isCounted);
  const held = [...standing(factsOf(facts, 'custody')), ...counted.map(({ fact }) => fact)];
  const custodies = held.flatMap((fact) => custodyInput(fact, numbering, context));
  const reviews = ordered(
    standing(factsOf(facts, 'review')).filter((fact) => reviewCounts(fact, facts)),
    (fact) => fact.organisation,
  );
  const sampled = counted.filter(({ item }) => item.sample.outcome === 'clean');
  const sampleReviews = sampled.flatMap(({ item }) => item.sample.reviews);
  const seen = reading.found.map(({ finding }) => finding);
  const isCaptured = isCaptureShown(seen, context.credentialList);
  const shown = standing(factsOf(facts, 'evidence')).filter(
    ({ body }) => body.outcome === 'shown' && (body.class !== 'capture' || isCaptured),
  );
  return {
    declarations: numbering.refs(declarations),
    certifications: numbering.refs(certifications),
    metadata: metadataOf(reading, declarations),
    custodies,
    isMakerLiving:
      factsOf(facts, 'custody').some((fact) => fact.body.maker === 'living') ||
      attestations.some(({ item }) => item.maker === 'living'),
    proofs: [
      ...ordered(shown, (fact) => `${fact.body.class} ${fact.body.existedBy}`).map((fact) =>
        proofInput(fact, reviews, numbering),
      ),
      ...sampled.map((attested) => sampledAge(attested, reading)),
    ],
    reviews: reviews.map((fact) => reviewInput(fact, numbering)),
    witnessedDay: witnessedDay([...declarations, ...held, ...shown, ...reviews, ...sampleReviews]),
  };
}

function custodyInput(
  fact: Fact<'custody'> | Fact<'attestation'>,
  numbering: Numbering,
  context: FactContext,
): CustodyInput[] {
  const institution = vettedInstitutionOf(fact, context);
  if (institution === undefined) return [];
  return [
    {
      ref: numbering.ref(fact),
      organisation: numbering.organisation(fact.organisation),
      isSelfVetted: institution.selfVetted,
    },
  ];
}

function reviewInput(fact: Fact<'review'>, numbering: Numbering): ReviewInput {
  return {
    ref: numbering.ref(fact),
    reviewer: numbering.person(fact.author),
    organisation: numbering.organisation(fact.organisation),
  };
}

/** Another organisation than the one that states it must have judged it. */
function proofInput(
  fact: Fact<'evidence'>,
  reviews: readonly Fact<'review'>[],
  numbering: Numbering,
): ProofInput {
  const confirming = reviews.filter(
    (review) => review.organisation !== fact.organisation && review.body.evidence.includes(fact.id),
  );
  return {
    ref: numbering.ref(fact),
    class: PROOF_CLASS[fact.body.class],
    organisation: numbering.organisation(fact.organisation),
    expires: fact.body.expires,
    existedBy: fact.body.existedBy,
    sample: null,
    reviews: numbering.refs(confirming),
  };
}

function sampledAge({ fact, item }: Attested, { facts, numbering }: Reading): ProofInput {
  const depositors = new Set(factsOf(facts, 'deposit').map((deposit) => deposit.organisation));
  const { size, isWhole, reviews } = item.sample;
  return {
    ref: numbering.ref(fact),
    class: 'A',
    organisation: numbering.organisation(fact.organisation),
    expires: null,
    existedBy: item.itemDate,
    sample: { size, isWhole },
    // Who deposited it is no witness; leaving them out here keeps decision classes few.
    reviews: numbering.refs(
      reviews.map(({ witnesses, ...review }) => ({
        ...review,
        witnesses: witnesses.filter((witness) => !depositors.has(witness)),
      })),
    ),
  };
}

function witnessedDay(
  facts: readonly { readonly witnessedSince?: string | undefined }[],
): number | null {
  let latest: number | null = null;
  for (const { witnessedSince } of facts) {
    if (witnessedSince === undefined) return null;
    latest = Math.max(latest ?? 0, dayOf(witnessedSince));
  }
  return latest;
}
