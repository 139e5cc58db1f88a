import { z } from 'zod';
import { KINDS } from '../../../core/statements/kinds.ts';
import { claimFile } from '../../claims/claim-file.ts';
import { about, cid, moment, statement } from './names.ts';

const shown = z.string().describe('The text that whoever signs must have read');
const withdrawalCode = z
  .string()
  .nullable()
  .describe('The one-time code that withdraws a consent; told now and kept nowhere');

export const claimDraft = z.strictObject({
  file: claimFile.extend({ sets: z.array(z.array(cid)) }),
  shown,
  withdrawalCode,
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
