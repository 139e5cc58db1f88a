import { z } from 'zod';
import { count, moment, organisation, statement } from './names.ts';
import { acknowledged } from './removals.ts';

/** What is to be erased of a person, and what is not. */
const plan = {
  person: z.strictObject({ names: z.array(z.string()), keys: z.array(z.string()) }),
  records: z
    .strictObject({ name: count, deposit: count, finding: count, note: count, envelope: count })
    .describe('Records that name the person and go, by what they are'),
  others: count.describe('Records that only a steward, or whoever wrote them, may erase'),
  objections: count.describe(
    'Objections whose words name the person; they go at once and for good',
  ),
  assets: count.describe('Of which nothing is known any more but what the bytes say'),
  releases: count.describe('Releases that lose words out of these records; their shards stay'),
};

export const erasurePlan = z.strictObject(plan);

export const erasedPerson = z.strictObject({
  ...plan,
  statements: z.array(statement).describe('They erase; none where no record was erased'),
  due: moment.nullable().describe('When the bytes are deleted; null where no record was erased'),
});

export const listedErasure = z
  .strictObject({
    id: statement,
    at: moment,
    organisation,
    reason: z.string(),
    requestedAt: moment,
    records: count.describe('How many it names'),
    here: z
      .strictObject({
        void: count,
        hidden: count,
        deleted: count,
        absent: count,
        due: moment.nullable().describe('When the bytes of what is hidden are deleted'),
      })
      .describe('How far it has got in this home, in records'),
    ...acknowledged,
  })
  .meta({ id: 'Erasure' });
