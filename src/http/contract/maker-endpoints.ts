import { z } from 'zod';
import { MOST_CLAIMED } from '../../archive/makers/take-claim.ts';
import { claimDraft, consentView } from '../../archive/operations/answers/claims.ts';
import { did, entry, moment, statement } from '../../archive/operations/answers/names.ts';
import { impact } from '../../archive/operations/answers/releases.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { timestamp } from '../../core/statements/fields.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { assetName } from './assets-endpoints.ts';
import type { Endpoint } from './endpoint.ts';

const type = 'application/json';
const { digitalSourceType, generative, tools } = KINDS.declaration.body.shape;
const { purposes, requesters } = KINDS.consent.body.shape;

/** What a maker without membership says, in the words of `claim.template`. */
const claim = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('declaration'),
    sourceType: z.string().max(200),
    generative: z.enum(['none', 'exceptions']),
    tools: z.array(z.string().max(60)).min(1).max(8),
  }),
  z.strictObject({
    kind: z.literal('consent'),
    purposes: z.partialRecord(z.enum(PURPOSES), z.enum(['allow', 'deny'])),
    requesters: z.array(z.enum(['anyone', 'members', 'research-organisation'])).max(3),
    until: timestamp.exactOptional(),
    attribution: z.boolean(),
    role: z.enum(['author', 'performer', 'rights-holder']),
  }),
  z.strictObject({
    kind: z.literal('withdrawal'),
    consents: z.array(z.string().max(100)).min(1).max(16),
  }),
]);

const token = z
  .string()
  .max(2048)
  .describe('A JWT by the key that will sign, as for signing in; the key need not be known yet');
const assets = z.array(assetName).min(1).max(MOST_CLAIMED);

export const makersEndpoint = {
  id: 'makers',
  method: 'get',
  path: '/api/v1/makers',
  summary: 'What this node does for makers who are no members, and for whom their tokens are.',
  answer: {
    description:
      '`claims`: what they sign is taken here. `asks`: bytes of a file that may be asked about, null where that is not open.',
    type,
    schema: z.object({
      node: did,
      archive: z.string(),
      claims: z.boolean(),
      asks: z.int().min(1).nullable(),
    }),
  },
} satisfies Endpoint;

export const vouchedEndpoint = {
  id: 'makerVouchedFor',
  method: 'post',
  path: '/api/v1/makers/vouched',
  summary: 'For which of these assets a steward has vouched that the key is a maker’s.',
  body: { type, schema: z.strictObject({ token, assets }) },
  answer: {
    description: 'Those assets.',
    type,
    schema: z.object({ assets: z.array(assetName) }),
  },
} satisfies Endpoint;

export const makerDraftEndpoint = {
  id: 'draftForMaker',
  method: 'post',
  path: '/api/v1/makers/drafts',
  summary: 'A claim ready to be signed by a maker’s key, each asset in a statement of its own.',
  body: { type, schema: z.strictObject({ token, claim, assets }) },
  answer: { description: 'As `claim.template` gives it.', type, schema: claimDraft },
} satisfies Endpoint;

export const makerClaimEndpoint = {
  id: 'claimAsMaker',
  method: 'post',
  path: '/api/v1/makers/claims',
  summary:
    'Records what a maker’s key has signed, where the operator allows it and a steward has vouched for the key.',
  body: {
    type,
    schema: z.strictObject({
      claim: z.looseObject({ format: z.literal('ringfence-claim/1') }).describe('Signed'),
    }),
  },
  answer: {
    description: 'It is in the ledger.',
    type,
    schema: z.object({
      entry,
      by: did,
      statements: z.array(z.object({ id: statement, kind: z.string() })),
    }),
  },
} satisfies Endpoint;

export const codeEndpoint = {
  id: 'withdrawByCode',
  method: 'post',
  path: '/api/v1/makers/withdrawals',
  summary:
    'Withdraws every consent that a one-time code was given for, on any node, for whoever has it.',
  body: {
    type,
    schema: z.strictObject({
      code: z
        .string()
        .regex(/^(?:[\s-]?[A-Za-z2-7]){25}\s?$/, 'must be the 25 letters and digits of a code'),
    }),
  },
  answer: {
    description: 'They are withdrawn.',
    type,
    schema: z.object({ entry, consents: z.array(statement) }),
  },
} satisfies Endpoint;

export const madeEndpoint = {
  id: 'makerWork',
  method: 'get',
  path: '/api/v1/makers/works/{asset}',
  summary: 'What the maker who signs in has signed about an asset, and every use of it.',
  parameters: z.object({ asset: assetName }),
  answer: {
    description: 'The newest first; `isCut` where there are more uses than are told.',
    type,
    schema: z.object({
      declarations: z.array(
        z.object({ id: statement, at: moment, digitalSourceType, generative, tools }),
      ),
      consents: z.array(
        consentView
          .pick({ id: true, at: true, from: true, until: true, text: true })
          .extend({ tied: z.boolean(), withdrawnBy: z.array(statement), replaced: z.boolean() })
          .extend({ purposes, requesters }),
      ),
      uses: z.array(impact),
      isCut: z.boolean(),
    }),
  },
} satisfies Endpoint;

export const MAKER_ENDPOINTS: readonly Endpoint[] = [
  makersEndpoint,
  vouchedEndpoint,
  makerDraftEndpoint,
  makerClaimEndpoint,
  codeEndpoint,
  madeEndpoint,
];
