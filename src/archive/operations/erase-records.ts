import { z } from 'zod';
import { code, timestamp } from '../../core/statements/fields.ts';
import { deleteErased } from '../erasing/delete-erased.ts';
import { erasePerson, nobody } from '../erasing/erase-person.ts';
import { listErasures } from '../erasing/list-erasures.ts';
import { planErasure } from '../erasing/plan-erasure.ts';
import { erasedPerson, erasurePlan, listedErasure } from './answers/erasures.ts';
import { count, statement } from './answers/names.ts';
import { createOperation } from './operation.ts';

const person = z.string().min(1).max(1_000);

/** Says what an erasure of a person would erase, and what would stay. */
export const planOneErasure = createOperation({
  name: 'erase.plan',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ person }),
  result: erasurePlan,
  async run(archive, input) {
    const { plan, records } = await planErasure(input.person, archive);
    if (records.length + plan.others + plan.objections === 0) throw nobody(input.person);
    return plan;
  },
});

/** Erases the records that name a person, and the words of objections that do. */
export const eraseOnePerson = createOperation({
  name: 'erase',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({ person, reason: code, requestedAt: timestamp.exactOptional() }),
  result: erasedPerson,
  run: async (archive, input) => erasePerson(input, archive),
});

/** Deletes the bytes of what was erased, once its notice is over, or at once. */
export const deleteErasedRecords = createOperation({
  name: 'erase.delete',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({ isEarly: z.boolean() }),
  result: z.strictObject({
    records: count.describe('Settled: their bytes are deleted, or never were here'),
    acknowledged: z.array(statement).describe('Erasures that this home has said it carried out'),
  }),
  run: async (archive, input, { signal }) => deleteErased(input, archive, signal),
});

/** Lists the erasures that stand, and who has carried them out. */
export const listAllErasures = createOperation({
  name: 'erase.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(listedErasure),
  run: async (archive) => listErasures(archive),
});
