import { z } from 'zod';
import { historyOf } from '../tracing/history-of.ts';
import { historyPage, pastStatement } from './answers/history.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

const PAGE = 100;

/** Gives everything that stands about an asset, the newest first, and who said it when. */
export const readHistory = createOperation({
  name: 'history',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    asset: cidText,
    limit: z.int().min(1).max(1000).exactOptional(),
    cursor: z.string().exactOptional(),
    /** Only these, such as those that a rule looked at. */
    only: z.array(z.string()).max(1000).exactOptional(),
  }),
  result: historyPage,
  item: pastStatement,
  async run(archive, { asset, limit = PAGE, ...asked }, { item }) {
    const { statements, total, cursor } = historyOf(asset, { ...asked, limit }, archive);
    for (const one of statements) await item(one);
    return { total, cursor };
  },
});
