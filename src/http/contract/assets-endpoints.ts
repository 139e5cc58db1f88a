import { z } from 'zod';
import { assetStatus, assetSummary, assetView } from '../../archive/operations/answers/asset.ts';
import { verdict } from '../../archive/operations/answers/verdict.ts';
import { LEVELS } from '../../core/policy/documents.ts';
import { GATE_NAMES } from '../../core/policy/gates.ts';
import { DEFAULT_PURPOSE, DEFAULT_REQUESTER, PURPOSES } from '../../core/policy/purposes.ts';
import { DEFAULT_POLICY } from '../../core/policy/shipped.ts';
import { hex16, requester } from '../../core/statements/fields.ts';
import type { Endpoint } from './endpoint.ts';

/** 256 characters, as JSON Schema counts them: by code points. All in one address fit into its limit. */
const text = z.string().regex(/^[\s\S]{0,256}$/u, 'must be 256 characters or fewer');

/** The CID of an asset: CIDv1, raw or dag-pb, sha2-256, in base32. */
export const assetName = z.string().regex(/^baf(kre|ybe)i[a-h][a-z2-7]{50}[aeimquy4]$/);

const asker = {
  policy: text.default(DEFAULT_POLICY),
  for: requester.default(DEFAULT_REQUESTER),
  at: z.iso.datetime({ precision: 0 }).exactOptional(),
};

const purpose = z.enum(PURPOSES);

const one = z.strictObject({ asset: assetName });
const JSON_TYPE = 'application/json';

export const listEndpoint = {
  id: 'listAssets',
  method: 'get',
  path: '/api/v1/assets',
  summary: 'Assets in the order in which they arrived, a page at a time.',
  query: z.strictObject({
    q: text
      .exactOptional()
      .describe('Words that must all occur; a * at the end of one stands for any ending'),
    collection: text.exactOptional(),
    media: text.exactOptional().describe('A media type, or its first part: image'),
    licence: text.exactOptional(),
    maker: text.exactOptional(),
    work: hex16.exactOptional().describe('Only parts of this work, by the `work.id` of an asset'),
    status: z.enum(assetStatus.options).exactOptional(),
    year: z.coerce
      .number()
      .int()
      .min(-9999)
      .max(9999)
      .exactOptional()
      .describe('The first year in which it may have been made'),
    ...asker,
    eligible: z
      .union([purpose, z.literal('')])
      .exactOptional()
      .describe('Only what is eligible for this purpose; nothing for the default one'),
    level: z.enum(LEVELS).exactOptional().describe('Only what has this level of evidence'),
    gate: z.enum(GATE_NAMES).exactOptional().describe('Only what this gate keeps back first'),
    by: z
      .enum(['work'])
      .exactOptional()
      .describe('Of the parts of one work only the first, of those that match'),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    skip: z.coerce
      .number()
      .int()
      .min(0)
      .max(1_000_000_000)
      .exactOptional()
      .describe(
        'So many that match are left out, where there is no cursor; 16,384 at most for who may not see everything',
      ),
    cursor: text.exactOptional().describe('`next` of the page before'),
    total: z.enum(['true']).exactOptional().describe('How many match is counted too'),
  }),
  answer: {
    description: 'A page. There is more as long as `next` is not null, even after an empty one.',
    type: JSON_TYPE,
    schema: z.strictObject({
      assets: z.array(assetSummary),
      next: z.string().nullable(),
      total: z
        .int()
        .nullable()
        .describe('How many match, where it was asked for by whoever sees everything'),
    }),
  },
  isSignable: true,
} satisfies Endpoint;

export const showEndpoint = {
  id: 'showAsset',
  method: 'get',
  path: '/api/v1/assets/{asset}',
  summary: 'What is known of one asset: its deposits, and what inspectors found.',
  parameters: one,
  answer: {
    description: 'The asset.',
    type: JSON_TYPE,
    schema: assetView,
  },
  isConditional: true,
  isSignable: true,
} satisfies Endpoint;

export const explainEndpoint = {
  id: 'explainAsset',
  method: 'get',
  path: '/api/v1/assets/{asset}/explain',
  summary: 'The verdict on one asset, gate by gate, with the entries it rests on.',
  parameters: one,
  query: z.strictObject({ ...asker, purpose: purpose.default(DEFAULT_PURPOSE) }),
  answer: {
    description: 'The verdict.',
    type: JSON_TYPE,
    schema: verdict,
  },
  isConditional: true,
  isSignable: true,
} satisfies Endpoint;

export const previewEndpoint = {
  id: 'previewAsset',
  method: 'get',
  path: '/api/v1/assets/{asset}/preview',
  summary:
    'What an asset is at a glance: image/webp or image/png of at most 512 pixels a side, or the beginning of a text.',
  parameters: one,
  query: z.strictObject({
    page: z.coerce
      .number()
      .int()
      .min(1)
      .max(100_000)
      .exactOptional()
      .describe('A page of a PDF, from 1, of at most 1400 pixels a side'),
  }),
  answer: { description: 'The preview.', type: '*/*' },
  isConditional: true,
  isSignable: true,
} satisfies Endpoint;

/** The gateway itself is described by its own specification; this is what it is to a reader of assets. */
export const readEndpoint = {
  id: 'readAsset',
  method: 'get',
  path: '/ipfs/{asset}',
  summary: 'The bytes of an asset that the caller may read; `Range` gets a part of them.',
  parameters: one,
  answer: { description: 'The bytes, with the type that they are of.', type: '*/*' },
  isConditional: true,
  isSignable: true,
} satisfies Endpoint;
