import { z } from 'zod';
import { cid, count, did, moment, sha256, statement } from './names.ts';
import { purpose, requester } from './verdict.ts';

export const registeredModel = z.strictObject({
  id: statement,
  model: z.string(),
  weights: sha256,
  isNew: z.boolean().describe('Whether it was said now, and not before'),
});

const consent = z.strictObject({
  id: statement,
  tied: z.boolean(),
  withdrawnBy: z.array(statement),
  replaced: z.boolean(),
});

/** What a model was trained on. */
export const traced = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('model'),
    id: statement,
    at: moment,
    by: did,
    model: z.string(),
    weights: sha256,
    generative: z.boolean(),
    receipts: z.array(statement),
  }),
  z.strictObject({
    kind: z.literal('release'),
    receipt: statement,
    at: moment,
    release: cid,
    revision: count,
    puller: did,
    purpose,
    requester,
    name: z.string().nullable().describe('Null where the release is not here'),
    version: z.string().nullable(),
    newest: count.describe('Withdrawal lists that this node has of it now'),
  }),
  z.strictObject({
    kind: z.literal('asset'),
    receipt: statement,
    asset: cid,
    was: z.enum(['included', 'withdrawn']).describe('At the revision of the receipt'),
    is: z.enum(['included', 'withdrawn', 'removed']).describe('By the verdict of now'),
    reason: z.string().nullable().describe('Code of the first rule that fails now'),
    consents: z.array(consent),
  }),
]);

export const tracedCounts = z.strictObject({
  model: z.string(),
  releases: count,
  assets: count,
  withdrawn: count.describe('Assets that were in what was pulled, and could not be now'),
});
