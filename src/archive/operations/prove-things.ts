import { z } from 'zod';
import { knownAsset } from '../known-assets.ts';
import { proveAsset } from '../proving/prove-asset.ts';
import { cid, count, organisation } from './answers/names.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

/** Makes a proof of what this home's log says of an asset. */
export const proveOneAsset = createOperation({
  name: 'proof',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.strictObject({
    asset: cid,
    address: z.string(),
    text: z.string().describe('The `.tlog-proof`'),
    entries: count,
    confirmedBy: z
      .array(organisation)
      .describe('Organisations that have confirmed the log up to there'),
  }),
  run: async (archive, { asset }, { signal }) =>
    proveAsset(archive, knownAsset(asset, archive.catalog), signal),
});
