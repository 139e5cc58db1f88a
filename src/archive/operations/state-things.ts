import { z } from 'zod';
import { RELATIONS } from '../../core/statements/asset-kinds.ts';
import { declare } from '../declare.ts';
import { derive } from '../derive.ts';
import { knownAsset } from '../known-assets.ts';
import { createOperation } from './operation.ts';

/** Records this home's word on how assets came to be. */
export const declareAssets = createOperation({
  name: 'declare',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    assets: z.array(z.string()).min(1),
    sourceType: z.string(),
    generative: z.enum(['none', 'unstated']),
    tools: z.array(z.string()),
    note: z.string().exactOptional(),
  }),
  run: async (archive, { assets, note, ...words }) =>
    declare(
      { ...words, note, assets: assets.map((text) => knownAsset(text, archive.catalog)) },
      archive,
    ),
});

/** Records that one asset stems from another. */
export const deriveAsset = createOperation({
  name: 'derive',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    child: z.string(),
    parent: z.string(),
    relation: z.enum(RELATIONS),
  }),
  run: async (archive, input) => derive(input, archive),
});
