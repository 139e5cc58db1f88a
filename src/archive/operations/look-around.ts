import { z } from 'zod';
import { knownAsset } from '../known-assets.ts';
import { lineageOf } from '../tracing/lineage-of.ts';
import { alikeAsset, lineage } from './answers/lineage.ts';
import { count } from './answers/names.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

/** Gives what an asset was made from, and what was made from it. */
export const showLineage = createOperation({
  name: 'lineage',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: lineage,
  run: async (archive, { asset }) => lineageOf(asset, archive),
});

/** More than anybody looks through. */
const MOST_ALIKE = 100;

/** Gives the assets that look, read or sound like one, the likest first, 100 at most. */
export const listAlike = createOperation({
  name: 'alike',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.strictObject({ alike: count }),
  item: alikeAsset,
  async run({ catalog }, { asset }, { item }) {
    const found = await catalog.alike(knownAsset(asset, catalog));
    let alike = 0;
    for (const { cid, likeness, distances } of found.slice(0, MOST_ALIKE)) {
      const known = catalog.asset(cid);
      if (known === undefined) continue;
      const { size, mediaType, title, creators, licence, status, work } = known;
      const summary = { cid, size, mediaType, title, creators, licence, status, work };
      await item({ ...summary, likeness, distances });
      alike += 1;
    }
    return { alike };
  },
});
