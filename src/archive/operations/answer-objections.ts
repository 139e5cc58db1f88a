import { z } from 'zod';
import type { Objection } from '../../core/ports/objections.ts';
import { answerObjection } from '../inquiries/answer-objection.ts';
import { timestampOf } from '../now.ts';
import { createOperation, type Telling } from './operation.ts';

/** An objection as stewards see it. */
type ListedObjection = Omit<Objection, 'receipt'> & { readonly isOverdue: boolean };

/** Lists what people without an account have objected to, oldest first. */
export const listObjections = createOperation({
  name: 'objection.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ all: z.boolean() }),
  async run({ objections, clock }, { all }, { item }: Telling<ListedObjection>): Promise<null> {
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
    id: z.string().regex(/^obj_[0-9a-f]{16}$/),
    outcome: z.enum(['upheld', 'dismissed']),
    text: z.string().max(4000),
  }),
  async run(archive, input) {
    const { id, asset, answer, stop } = await answerObjection(input, archive);
    return { id, asset, answer, stop };
  },
});
