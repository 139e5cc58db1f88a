import { z } from 'zod';
import { releaseSchemas, SPLITS } from '../../../core/dataset/manifest.ts';
import { cid, count, did, entry, errorCode, moment, sha256, statement } from './names.ts';
import { level, purpose, requester } from './verdict.ts';

export const cutRelease = z.strictObject({
  release: cid.describe('The folder of the whole release'),
  contentRoot: cid.describe('Names shards and tables; equal on every node that cuts the same'),
  state: entry.describe('The checkpoint it was decided at'),
  assets: count,
  bytes: count,
  shards: z.array(z.strictObject({ name: z.string(), cid, size: count, sha256, samples: count })),
  extraBytes: count.describe('Bytes that the store has grown by'),
  tableBytes: count,
});

const { shards: _none, ...counts } = releaseSchemas.manifest.shape.counts.shape;

export const releasePlan = z.strictObject({
  counts: z.strictObject(counts),
  largestShare: z.number().describe('Of all assets, those of the maker who has most'),
  makers: z
    .array(z.strictObject({ name: z.string(), assets: count }))
    .describe('Those who have most'),
  histogram: z
    .array(z.strictObject({ least: count, most: count, makers: count }))
    .describe('How many makers have between `least` and `most` assets'),
  decades: z
    .array(z.strictObject({ from: z.int().nullable(), assets: count }))
    .describe('Works that may have been begun in the ten years from `from`; null without a date'),
  splits: z.partialRecord(z.enum(SPLITS), z.strictObject({ assets: count, bytes: count })),
  configs: z.record(z.string(), count).describe('Assets of each configuration'),
  leftOut: z
    .array(z.strictObject({ rule: z.string(), code: z.string(), assets: count }))
    .describe('What the selection leaves out, by the first rule that fails'),
});

export const releaseView = z
  .strictObject({
    release: cid,
    policy: cid,
    purpose,
    requester,
    state: entry,
    at: moment,
    assets: count,
    bytes: count,
  })
  .meta({ id: 'Release', description: 'A release that the ledger records' });

export const releaseManifest = releaseSchemas.manifest.meta({
  id: 'ReleaseManifest',
  description: '`release.json`: what a release says of itself',
});

const erased = z
  .array(z.string())
  .describe('Files that lack lines since words in them were erased; that is no problem');

export const releaseReport = z.strictObject({
  ok: z.boolean(),
  assets: count,
  shards: count,
  bytes: count,
  removed: count.describe('Assets that are gone, having been removed; that is no problem'),
  erased,
  problems: z.array(
    z.strictObject({
      code: errorCode,
      subject: z.string().describe('The file that is wrong'),
      text: z.string(),
    }),
  ),
});

/** An asset that a release held and whose bytes are gone, with the removal that says so. */
export const releaseHole = z.strictObject({
  asset: cid,
  shard: z.string().describe('Its sha-256 cannot be recomputed; all else in it is verified'),
  size: count,
  removal: statement,
  at: moment.describe('When the removal was asked for'),
  organisation: z.string().describe('Who asked'),
  reason: z.string(),
});

export const exportedRelease = z.strictObject({
  files: count,
  bytes: count,
  kept: count.describe('Files that were there already with the right bytes'),
  erased,
});

/** What went into a release, as it is called now. */
export const releaseMember = z.strictObject({
  row: count.describe('Its number among all that went in, from 0'),
  asset: cid,
  title: z.string().describe('Empty where it was erased, or nobody gave one'),
  creators: z.array(z.string()),
  mediaType: z.string(),
  size: count,
  licence: z.string().describe('As it was cut; empty where a consent let it in'),
  level: level.describe('As it was cut'),
  left: z
    .strictObject({
      state: z.enum(['withdrawn', 'removed']),
      reason: z.string().describe('Code of the first rule that failed'),
      since: count.describe('The revision from which on it is left out'),
      issued: moment,
    })
    .nullable()
    .describe('Null while it is served, by the withdrawal lists of this node'),
});

export const releaseMembers = z.strictObject({
  assets: count.describe('All that went in'),
  left: count.describe('Those that are served no more'),
  revision: count,
  next: count.nullable().describe('The row to go on from; null at the end'),
});

/** A pull of a release, by the receipt that a node gave. */
export const releaseHolder = z.strictObject({
  id: statement,
  puller: did,
  revision: count,
  purpose,
  requester,
  node: did.describe('Who gave it'),
  at: moment,
});

const obligation = z
  .enum(['none', 'update', 'destroy', 'listed'])
  .describe(
    '`update`: leave it out of every training that begins now; `destroy`: delete the copies as well; ' +
      '`listed`: nothing is undone, the model is told of',
  );

const left = z.strictObject({
  is: z.enum(['included', 'withdrawn', 'removed']).describe('By the verdict of now'),
  reason: z.string().nullable().describe('Code of the first rule that fails'),
  since: count.nullable().describe('The withdrawal list by which this node left it out'),
  issued: moment.nullable(),
});

/** Where an asset went. */
export const impact = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('release'),
    ...releaseView.shape,
    name: z.string().nullable().describe('Null where the release is not here'),
    version: z.string().nullable(),
    left,
  }),
  z.strictObject({
    kind: z.literal('receipt'),
    id: statement,
    release: cid,
    revision: count,
    puller: did,
    requester,
    purpose,
    node: did.describe('Who gave it'),
    at: moment,
    updatedBy: statement.nullable().describe('The receipt of a later pull without the asset'),
    obligation,
  }),
  z.strictObject({
    kind: z.literal('model'),
    id: statement,
    model: z.string(),
    weights: sha256,
    generative: z.boolean(),
    at: moment,
    by: did,
    receipts: z.array(statement).describe('Those that may have brought the asset along'),
    obligation,
  }),
]);

export const impactCounts = z.strictObject({
  asset: cid,
  releases: count,
  receipts: count,
  pullers: count,
  models: count,
  outstanding: count.describe('Receipts whose puller has something to do'),
});
