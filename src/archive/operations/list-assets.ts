import { z } from 'zod';
import { throwIfAborted } from '../../core/abort.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { assetSummary } from './answers/asset.ts';
import { count } from './answers/names.ts';
import { listFilter } from './filter.ts';
import { createOperation } from './operation.ts';
import { dated, question, standing } from './question.ts';

/** Assets that are looked up together: some ten milliseconds of work. */
const PAGE = 200;

/** Gives the assets that match, in order of arrival, and where to go on if there are more. */
export const listAssets = createOperation({
  name: 'list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    filter: listFilter,
    /** Only what is eligible for this. */
    eligible: question.exactOptional(),
    /** Only what is answered so; in place of `eligible`. */
    standing: standing.exactOptional(),
    /** So many that match are left out, where there is no cursor. */
    skip: z.int().min(0).exactOptional(),
    limit: z.int().min(1).exactOptional(),
    cursor: z.string().exactOptional(),
    /** Of the parts of one work only the first, of those that match. */
    by: z.enum(['work']).exactOptional(),
    /** How many match is counted too. */
    isCounted: z.boolean().exactOptional(),
  }),
  result: z.strictObject({
    shown: count,
    cursor: z.string().nullable().describe('Where to go on, while there is more'),
    total: count.nullable().describe('How many match, where it was asked for'),
  }),
  item: assetSummary,
  async run({ catalog, clock }, input, { signal, item }) {
    const { eligible } = input;
    const gathering = input.by === undefined ? {} : { by: input.by };
    const meant = input.standing ?? (eligible && { is: 'eligible' as const, ...eligible });
    const asked =
      meant === undefined ? input.filter : { ...input.filter, verdict: dated(meant, clock) };
    let left = input.limit ?? Number.POSITIVE_INFINITY;
    const counting = { signal, ...gathering };
    const total = input.isCounted ? await catalog.count(asked, counting) : null;
    let cursor = input.cursor ?? (await catalog.cursorAfter(asked, input.skip ?? 0, counting));
    let shown = 0;
    const turn = takeTurns();
    while (left > 0) {
      const limit = Math.min(PAGE, left);
      const from = cursor === undefined ? {} : { cursor };
      const page = catalog.list(asked, { limit, ...from, ...gathering });
      for (const asset of page.assets) await item(asset);
      shown += page.assets.length;
      left -= page.assets.length;
      cursor = page.cursor;
      if (cursor === undefined) break;
      throwIfAborted(signal);
      await turn();
    }
    return { shown, cursor: cursor ?? null, total };
  },
});
