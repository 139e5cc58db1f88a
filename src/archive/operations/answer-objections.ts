import { z } from 'zod';
import { OBJECTION_REASONS, type ObjectionReason } from '../../core/ports/objections.ts';
import { answerObjection } from '../inquiries/answer-objection.ts';
import { timestampOf } from '../now.ts';
import { cid, moment, statement } from './answers/names.ts';
import { createOperation } from './operation.ts';

const objectionId = z.string().regex(/^obj_[0-9a-f]{16}$/);

const answer = z.strictObject({
  outcome: z.enum(['upheld', 'dismissed']),
  text: z.string().describe('For whoever objected; empty for none'),
  at: moment,
});

/** An objection as stewards see it. */
const listedObjection = z
  .strictObject({
    id: objectionId,
    asset: cid,
    // The keys are reasons by their type.
    reason: z.enum(Object.keys(OBJECTION_REASONS) as ObjectionReason[]),
    text: z.string().describe('In their own words'),
    at: moment,
    deadline: moment.describe('Unanswered, it holds the asset from then on'),
    answer: answer.nullable(),
    stop: statement.nullable().describe('The statement that stops the asset for it'),
    isOverdue: z.boolean(),
  })
  .meta({ id: 'Objection' });

/** Lists what people without an account have objected to, oldest first. */
export const listObjections = createOperation({
  name: 'objection.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ all: z.boolean() }),
  result: z.null(),
  item: listedObjection,
  async run({ objections, clock }, { all }, { item }) {
    const now = timestampOf(clock);
    for (const { receipt: _hidden, ...one } of objections.list()) {
      const isOverdue = one.answer === null && one.deadline <= now;
      if (all || one.answer === null) await item({ ...one, isOverdue });
    }
    return null;
  },
});

/** Answers one. */
export const answerOneObjection = createOperation({
  name: 'objection.answer',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    id: objectionId,
    outcome: z.enum(['upheld', 'dismissed']),
    text: z.string().max(4000),
    seen: moment
      .nullable()
      .exactOptional()
      .describe('When the answer was given that one has seen, null for none: any other is left'),
  }),
  result: z.strictObject({
    id: objectionId,
    asset: cid,
    answer: answer.nullable(),
    stop: statement.nullable().describe('The statement that stops the asset for it'),
  }),
  async run(archive, input) {
    const { id, asset, answer, stop } = await answerObjection(input, archive);
    return { id, asset, answer, stop };
  },
});
