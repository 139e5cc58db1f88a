import { z } from 'zod';
import { count, moment } from './answers/names.ts';
import { answerCounts, purpose, requester } from './answers/verdict.ts';
import { createOperation } from './operation.ts';
import { dated, question } from './question.ts';

/** Counts what is in the archive, and the verdicts on it. */
export const countAssets = createOperation({
  name: 'status',
  opens: 'archive',
  changes: false,
  input: question,
  result: z.strictObject({
    name: z.string(),
    address: z.string(),
    entries: count,
    assets: count,
    collections: z.array(
      z.strictObject({ id: z.string().describe('Salted'), name: z.string(), assets: count }),
    ),
    purpose,
    policy: z.string(),
    requester,
    at: moment,
    verdicts: answerCounts,
    headlines: z
      .array(
        z.strictObject({ gate: z.string(), rule: z.string(), code: z.string(), assets: count }),
      )
      .describe('Of what is not eligible, the first rule that fails'),
  }),
  async run({ catalog, ledger, clock }, input, { signal }) {
    const asked = dated(input, clock);
    const assets = await catalog.count({}, { signal });
    const collections = catalog.collections();
    const { eligible, hold, ineligible, headlines } = catalog.counts({ is: 'eligible', ...asked });
    return {
      name: ledger.charter.name,
      address: ledger.address,
      entries: ledger.size(),
      assets,
      collections,
      ...asked,
      verdicts: { eligible, hold, ineligible },
      headlines,
    };
  },
});
