import { z } from 'zod';
import { OBJECTION_REASONS, type ObjectionReason } from '../../core/ports/objections.ts';
import { assetName } from './assets-endpoints.ts';
import type { Endpoint } from './endpoint.ts';

const JSON_TYPE = 'application/json';
const moment = z.iso.datetime({ precision: 0 });

export const objection = z.strictObject({
  asset: assetName,
  // The keys are reasons by their type.
  reason: z.enum(Object.keys(OBJECTION_REASONS) as ObjectionReason[]),
  text: z
    .string()
    .regex(/^[\s\S]{1,4000}$/u, 'must be 1 to 4,000 characters')
    .describe('What there is to say, in your own words; it is deleted some time after the answer'),
});

/** What a receipt looks like however it was typed, in no more room than it takes. */
const receipt = z
  .string()
  .regex(/^(?:[\s-]?[A-Za-z2-7]){25}\s?$/, 'must be the 25 letters and digits of a receipt');

export const objectEndpoint = {
  id: 'objectToAsset',
  method: 'post',
  path: '/api/v1/objections',
  summary:
    'Objects to an asset, without a sign-in where the operator allows it. A claim that a maker has signed stops it at once; anything else is answered by a steward until the deadline, and holds it from then on if it is not.',
  body: {
    type: JSON_TYPE,
    schema: z.union([
      objection,
      z.strictObject({
        claim: z
          .looseObject({ format: z.literal('ringfence-claim/1') })
          .describe('A signed dispute about the asset, as `ringfence claim sign` makes it'),
      }),
    ]),
  },
  answer: {
    description: '`receipt` shows the answer, and is told once.',
    type: JSON_TYPE,
    schema: z.union([
      z.object({ state: z.literal('pending'), receipt: z.string(), deadline: moment }),
      z.object({ state: z.literal('held'), asset: assetName, entry: z.string() }),
    ]),
  },
} satisfies Endpoint;

export const objectionAnswerEndpoint = {
  id: 'objectionAnswer',
  method: 'post',
  path: '/api/v1/objections/answer',
  summary: 'What became of an objection, for whoever has its receipt.',
  body: { type: JSON_TYPE, schema: z.strictObject({ receipt }) },
  answer: {
    description: 'The answer; null until there is one.',
    type: JSON_TYPE,
    schema: z.object({
      asset: assetName,
      state: z.enum(['pending', 'held', 'upheld', 'dismissed']),
      at: moment,
      deadline: moment,
      answer: z
        .object({ outcome: z.enum(['upheld', 'dismissed']), text: z.string(), at: moment })
        .nullable(),
    }),
  },
} satisfies Endpoint;
