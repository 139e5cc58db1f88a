import { z } from 'zod';
import { claimFile } from '../../../core/entries/claim-file.ts';
import { KINDS } from '../../../core/statements/kinds.ts';
import { about, cid, did, entry, moment, statement } from './names.ts';

const shown = z.string().describe('The text that whoever signs must have read');
const withdrawalCode = z
  .string()
  .nullable()
  .describe('The one-time code that withdraws a consent; told now and kept nowhere');

/** Sets are lists of CIDs, whatever reads them fast. */
export const unsignedClaim = claimFile.extend({ sets: z.array(z.array(cid)) }).meta({
  id: 'ClaimFile',
  description: 'A DSSE envelope that nobody has signed, and what it names',
});

export const claimDraft = z.strictObject({
  file: unsignedClaim,
  shown,
  withdrawalCode,
});

/** What has become of what somebody signed elsewhere. */
export const carried = z.strictObject({
  entry,
  by: did,
  statements: z.array(z.strictObject({ id: statement, kind: z.string() })),
});

/** What is told of a consent that was recorded. */
export const told = { shown, withdrawalCode };

const { role, under, purposes, requesters, territories, conditions, identity, capture, language } =
  KINDS.consent.body.shape;

export const consentView = z
  .strictObject({
    ...{ role, under, purposes, requesters, territories, conditions, identity, capture, language },
    from: moment.nullable(),
    until: moment.nullable(),
    id: statement,
    about,
    at: moment,
    signed: z
      .boolean()
      .describe('By the key of somebody who is no member; else a member recorded it'),
    tied: z
      .boolean()
      .describe('Whether the signer is tied to the makers, and what it is made under is there'),
    withdrawnBy: z.array(statement),
    replaced: z.boolean(),
    text: z.string().nullable().describe('What was shown; null where it is not here'),
  })
  .meta({ id: 'Consent', description: 'A consent with what became of it' });
