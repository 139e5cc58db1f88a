import { z } from 'zod';
import { LEVELS } from '../policy/documents.ts';
import {
  cid,
  code,
  did,
  documentCid,
  natural,
  organisationId,
  purpose,
  requester,
  timestamp,
} from '../statements/fields.ts';

/**
 * What an archive knows of the answers to the template of the AI Office for the public summary of training
 * content (Regulation (EU) 2024/1689, Art. 53(1)(d); C(2025) 8311 of 5 December 2025), section by section. What
 * only the provider of a model knows is a blank that says what is asked.
 */

export const TRAINING_SUMMARY_SPEC = 'ringfence/training-summary/1';

/** How many, by name. */
const counted = z.record(z.string(), natural);

const blank = z.strictObject({
  toBeFilledIn: z.string().describe('What the template asks the provider of the model'),
});

const span = z.strictObject({ first: timestamp, last: timestamp });

const protocol = z.strictObject({
  protocol: code,
  by: z.enum(['maker', 'source', 'file']).describe('Where it was read'),
  assets: natural,
  observed: span,
  allowed: natural.describe('Assets for which it allows the purpose of the dataset'),
  conditional: natural,
  reserved: natural.describe('Its makers have set it aside by their consent, or it was read later'),
  silent: natural.describe('It says nothing of the purpose'),
});

export const MODALITIES = ['text', 'image', 'audio', 'video', 'other'] as const;

const modality = z.strictObject({
  modality: z.enum(MODALITIES),
  assets: natural,
  bytes: natural,
  size: z
    .union([z.strictObject({ range: z.string(), because: z.string() }), blank])
    .describe('The range of the template'),
  mediaTypes: counted,
  sourceTypes: counted.describe('IPTC digital source types, as depositors and makers state them'),
  languages: counted.describe('As descriptions of the assets state them'),
  withoutLanguage: natural,
  collected: span.nullable().describe('When the first and the last were first deposited'),
});

const withdrawals = z.strictObject({
  lists: z.array(
    z.strictObject({
      revision: natural,
      issued: timestamp,
      withdrawn: natural,
      removed: natural,
      reinstated: natural,
      reasons: counted.describe('By codes of the policy'),
    }),
  ),
  out: natural.describe('Assets that are left out now'),
});

const dataset = z.strictObject({
  name: z.string(),
  version: z.string(),
  release: cid,
  url: z.string().describe('Empty where it was not said'),
  created: timestamp,
  at: timestamp,
  purpose,
  requester,
  policy: z.strictObject({ name: z.string(), cid: documentCid }),
  curator: z.strictObject({ archive: z.string(), organisation: organisationId, did }),
  query: z.string(),
  assets: natural,
  bytes: natural,
  repeated: natural.describe('Assets that are counted with a dataset before it'),
  license: z.string().describe('SPDX expression'),
  licences: counted.describe('Assets by licence; without one, by the consent of their makers'),
  levels: z.partialRecord(z.enum(LEVELS), natural),
  selfVetted: natural,
  makers: natural,
  isOpen: z.boolean().describe('Cut for anyone, all in it lies in public collections'),
  withdrawals,
  lapsed: natural
    .nullable()
    .describe('Assets that no release could take now; null where its policy is not in force'),
  previous: z
    .strictObject({
      release: cid,
      name: z.string().nullable(),
      version: z.string().nullable(),
      withdrawals,
    })
    .nullable(),
});

const basis = z.strictObject({ assets: natural, modalities: counted });

const general = z.strictObject({
  summaryVersion: blank,
  lastUpdate: blank,
  provider: blank,
  representative: blank,
  models: blank,
  dependencies: blank,
  placedOnMarket: blank,
});

export const trainingSummary = z.strictObject({
  spec: z.literal(TRAINING_SUMMARY_SPEC),
  status: z.literal('draft').describe('It needs counsel before anything of it is published'),
  template: z.string(),
  prepared: timestamp,
  archive: z.strictObject({ name: z.string(), address: z.string(), node: did }),
  general,
  modalities: z.array(modality),
  datasets: z.array(dataset),
  sources: z.strictObject({
    public: basis.describe('2.1: by public licence, in a dataset that is open to anyone'),
    licensed: basis.describe('2.2.1: by recorded consent of every named maker'),
    commercial: blank,
    otherPrivate: basis.describe(
      '2.2.2: by public licence, in a dataset that is not open to anyone',
    ),
    crawled: blank,
    users: blank,
    synthetic: z.strictObject({
      registered: natural.describe('Assets that a standing registration calls generated now'),
      levels: z.partialRecord(z.enum(LEVELS), natural),
      selfVetted: natural,
      byProvider: blank,
    }),
    other: blank,
  }),
  processing: z.strictObject({
    inspected: natural.describe('Assets whose files were read for reservations'),
    protocols: z.array(protocol),
    commitments: blank,
    complaints: z.strictObject({
      isOpen: z.boolean().describe('This node asks anybody without an account'),
      pages: z.array(z.string()).describe('Where people look for their work and object to its use'),
    }),
    illegalContent: blank,
    other: blank,
  }),
});

export type TrainingSummary = z.output<typeof trainingSummary>;
export type Modality = (typeof MODALITIES)[number];
export type Blank = z.output<typeof blank>;
