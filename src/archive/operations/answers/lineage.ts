import { z } from 'zod';
import { TAINTS } from '../../../core/policy/taint.ts';
import { RELATIONS } from '../../../core/statements/asset-kinds.ts';
import { assetStatus, assetSummary } from './asset.ts';
import { distances } from './match.ts';
import { cid, statement } from './names.ts';

const descent = z
  .strictObject({
    id: statement,
    parent: cid,
    child: cid,
    relation: z.enum([...RELATIONS, 'rendition']),
    recipe: z.string().nullable().describe('Of a rendition: how it was computed'),
  })
  .meta({ id: 'Descent', description: 'That one asset is said to be made from another' });

const relative = z
  .strictObject({
    cid,
    title: z.string(),
    mediaType: z.string(),
    status: assetStatus.nullable().describe('Null where nobody has deposited or registered it'),
    taint: z.enum(TAINTS).describe('How much generated work it stems from'),
  })
  .meta({ id: 'Relative', description: 'An asset that another stems from, or that stems from it' });

export const lineage = z.strictObject({
  asset: cid,
  relatives: z.array(relative).describe('The asset itself first, then as far as they are away'),
  descents: z.array(descent),
  path: z
    .array(cid)
    .describe('From the asset to where its taint comes from; empty where it is clean'),
  isCut: z.boolean().describe('There are more than are told: 200 in each direction'),
});

export const alikeAsset = z
  .strictObject({
    ...assetSummary.shape,
    likeness: z
      .enum(['same', 'related'])
      .describe('`same`: saved again; `related`: likely one made from the other'),
    distances,
  })
  .meta({ id: 'AlikeAsset', description: 'An asset that looks, reads or sounds like another' });
