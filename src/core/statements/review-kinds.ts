import { z } from 'zod';
import { code, documentCid, hex32, natural, sortedSet, statementId, timestamp } from './fields.ts';

/** Bodies of the statements by which people judge, question and stop. */

export const review = z.strictObject({
  rubric: code,
  outcome: z.enum(['confirmed', 'not-shown', 'contradicted', 'cannot-tell']),
  /** The reviewer made, deposited or profits from none of it; anything else is no review. */
  conflict: z.enum(['none', 'declared']),
  evidence: sortedSet(statementId, 64),
  /** For a sampled set attestation: which, the seed's checkpoint, and which draw. */
  sample: z
    .strictObject({ attestation: statementId, seed: hex32, draw: natural, size: natural })
    .nullable(),
  record: documentCid.nullable(),
});

export const dispute = z.strictObject({
  reason: code,
  by: z.enum(['maker', 'member', 'outsider']),
  against: sortedSet(statementId, 64),
  record: documentCid.nullable(),
});

export const hold = z.strictObject({
  reason: code,
  source: z.enum(['steward', 'match', 'detector', 'community']),
  deadline: timestamp.nullable(),
  record: documentCid.nullable(),
});

export const quarantine = z.strictObject({
  reason: code,
  tool: code.nullable(),
  record: documentCid.nullable(),
});

export const takedown = z.strictObject({
  reason: code,
  authority: code.nullable(),
  record: documentCid.nullable(),
});

/** Ends disputes, holds, quarantines, flags or takedowns by naming them. */
export const resolution = z.strictObject({
  of: sortedSet(statementId, 256).refine((ids) => ids.length > 0, 'must name what it ends'),
  outcome: z.enum(['dismissed', 'upheld', 'lifted']),
  record: documentCid.nullable(),
});
