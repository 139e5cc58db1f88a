import { z } from 'zod';
import { agreementOf, reviewQueue, WAITING } from '../judging/review-queue.ts';
import { cid, count, moment, statement } from './answers/names.ts';
import { createOperation } from './operation.ts';

const waiting = z
  .strictObject({
    why: z.enum(WAITING),
    asset: cid,
    title: z.string(),
    mediaType: z.string(),
    statement: statement.describe('What is to be answered, or the evidence that is to be judged'),
    at: moment,
    reviews: count.describe('Organisations that have reviewed it'),
    noUse: z
      .enum(['own-deposit', 'own-review'])
      .nullable()
      .describe(
        'Why a review by this organisation would count for nothing; null where it would count',
      ),
  })
  .meta({ id: 'Waiting', description: 'An asset that somebody has to look at' });

/** Gives what waits for a reviewer, the most pressing first, a page at a time. */
export const listReviewQueue = createOperation({
  name: 'review.queue',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    limit: z.int().min(1).max(100).exactOptional(),
    cursor: z.int().min(0).exactOptional(),
  }),
  result: z.strictObject({
    waiting: z.array(waiting),
    cursor: count.nullable().describe('Where to go on; null at the end'),
  }),
  run: async (archive, { limit = 50, cursor = 0 }) => reviewQueue({ limit, cursor }, archive),
});

/** Counts how often organisations that reviewed the same asset came to the same. */
export const countAgreement = createOperation({
  name: 'review.agreement',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.strictObject({
    own: count.describe('Reviews by this organisation'),
    several: count.describe('Assets reviewed by several organisations'),
    agreed: count.describe('Of these, where all came to the same'),
  }),
  run: async (archive) => agreementOf(archive),
});
