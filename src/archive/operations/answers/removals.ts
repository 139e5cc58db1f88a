import { z } from 'zod';
import { about, count, did, moment, organisation, statement } from './names.ts';

const member = { member: did, organisation };

/** What members say became of an erasure or a removal. */
export const acknowledged = {
  acknowledged: z
    .array(
      z.strictObject({ ...member, outcome: z.enum(['done', 'not-held', 'failed']), at: moment }),
    )
    .describe('Members that say what became of it'),
  waiting: z
    .array(z.strictObject(member))
    .describe('Members that keep copies and have not said so yet'),
};

export const listedRemoval = z
  .strictObject({
    id: statement,
    at: moment,
    organisation,
    reason: z.string(),
    about,
    assets: count,
    state: z
      .enum(['asked', 'due', 'lifted'])
      .describe('Withheld; confirmed, to be destroyed by all; or taken back for all of it'),
    confirmations: z.array(z.strictObject({ id: statement, at: moment, organisation })),
    here: count.describe('How many of the assets have their bytes in this home'),
    ...acknowledged,
  })
  .meta({ id: 'Removal' });
