import { createOperation } from './operation.ts';
import { dated, question } from './question.ts';

/** Counts what is in the archive, and the verdicts on it. */
export const countAssets = createOperation({
  name: 'status',
  opens: 'archive',
  changes: false,
  input: question,
  async run({ catalog, ledger, clock }, input, { signal }) {
    const asked = dated(input, clock);
    const assets = await catalog.count({}, { signal });
    const collections = catalog.collections();
    const { eligible, hold, ineligible, headlines } = catalog.counts({ is: 'eligible', ...asked });
    const { purpose, policy, requester, at } = asked;
    return {
      name: ledger.charter.name,
      address: ledger.address,
      entries: ledger.size(),
      assets,
      collections,
      purpose,
      policy,
      requester,
      at,
      verdicts: { eligible, hold, ineligible },
      headlines,
    };
  },
});
