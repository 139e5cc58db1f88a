import { z } from 'zod';
import { listOf, mapOf } from '../foreign-data.ts';
import {
  assetCid,
  cid,
  code,
  date,
  digitalSourceType,
  documentCid,
  hex16,
  hex32,
  licenceText,
  mediaType,
  natural,
  organisationId,
  sortedSet,
  sourceCode,
  statementId,
  timestamp,
} from './fields.ts';

/** Bodies of the statements that bring assets in, describe them and say where they stem from. */

export const deposit = z.strictObject({
  size: natural,
  /** sha-256 of the file's bytes. */
  sha256: hex32,
  mediaType,
  /** What the catalogue or depositor said; null where nothing was said, which satisfies no rule. */
  licence: licenceText.nullable(),
  source: sourceCode.nullable(),
  collection: hex16,
  /** Salted ids: deposits with the same `work` are pages, frames, details or masters of one work. */
  work: hex16.nullable(),
  part: natural.nullable(),
  /** Salted id of the place in the collection that was offered, so that a second offer is known. */
  item: hex16,
  /** One salted commitment for each named maker, in the record's order. */
  makers: z.array(hex32).max(256),
  /** Title, filename, makers, date text and notes. */
  record: documentCid,
});

export const description = z.strictObject({
  deposit: statementId,
  mediaType: mediaType.nullable(),
  makers: z.array(hex32).max(256),
  record: documentCid,
});

/** A value of a finding's facts: codes, numbers, dates and digests. */
const factValue: z.ZodType<FactValue> = z.lazy(() =>
  z.union([
    z.string().max(512),
    z.number(),
    z.boolean(),
    z.null(),
    listOf(factValue, { max: 256 }),
    mapOf(z.string().max(64), factValue),
  ]),
);
type FactValue =
  | string
  | number
  | boolean
  | null
  | readonly FactValue[]
  | { readonly [key: string]: FactValue };

/** What the inspectors of one run saw in one asset. */
export const finding = z.strictObject({
  findings: z
    .array(
      z.strictObject({
        inspector: code,
        version: natural,
        outcome: z.enum(['found', 'none', 'not-applicable', 'unreadable']),
        facts: mapOf(z.string().max(64), factValue),
      }),
    )
    .min(1)
    .max(64),
  /** The raw text that the facts rest on; null where there is none. */
  record: documentCid.nullable(),
});

export const declaration = z.strictObject({
  digitalSourceType: digitalSourceType.nullable(),
  /** `none`: no generative model output; `exceptions`: as the record lists; `unstated`. */
  generative: z.enum(['none', 'exceptions', 'unstated']),
  tools: sortedSet(code, 64),
  /** Whose declaration it is, by commitments of the deposit; empty where a depositor only claims. */
  makers: z.array(hex32).max(256),
  /** How the signer's identity was checked. Without it a declaration is only claimed. */
  identity: z
    .strictObject({
      method: z.enum(['steward', 'orcid', 'website']),
      /** The statement by which a steward vouches, where the method is `steward`. */
      vouchedBy: statementId.nullable(),
    })
    .nullable(),
  record: documentCid.nullable(),
});

export const certification = z.strictObject({
  issuer: code,
  number: code,
  checkedAt: timestamp,
  /** Digest of the issuer's page or answer as it was. */
  snapshot: hex32,
  outcome: z.enum(['confirmed', 'not-found', 'revoked']),
  record: documentCid.nullable(),
});

/** Capture credentials, process kits and proofs of age, each checked by its own rules. */
export const evidence = z.strictObject({
  class: z.enum(['capture', 'process', 'age']),
  method: code,
  outcome: z.enum(['shown', 'not-shown']),
  /** For age: the day on or before which these bytes existed. */
  existedBy: date.nullable(),
  /** Digests of the sealed files the evidence is made of. */
  digests: sortedSet(hex32, 1024),
  expires: timestamp.nullable(),
  record: documentCid.nullable(),
});

export const custody = z.strictObject({
  institution: organisationId,
  accession: date,
  source: sourceCode.nullable(),
  /** Who held it before, oldest first, as codes or organisation ids. */
  chain: z.array(code).max(64),
  digitalSourceType,
  maker: z.enum(['living', 'dead', 'unknown']),
  makerDied: natural.nullable(),
  record: documentCid.nullable(),
});

/** How a thing may stem from another. */
export const RELATIONS = [
  'derived-from',
  'composed-of',
  'generated-with-input',
  'generative-edit',
  'digitisation-of',
  'inspired-by',
] as const;

export const derivation = z.strictObject({
  parent: assetCid,
  relation: z.enum(RELATIONS),
  action: code.nullable(),
});

export const rendition = z.strictObject({
  parent: assetCid,
  recipe: code,
  tool: code,
  version: code,
  parameters: mapOf(z.string().max(64), z.union([z.string().max(128), z.number(), z.boolean()])),
});

/** Says that these bytes came out of a generator. */
export const synthetic = z.strictObject({
  generator: code,
  /** `operator`: the operator's own generation record; `registrant`: somebody's word. */
  basis: z.enum(['operator', 'registrant']),
  mixed: z.boolean(),
  record: documentCid.nullable(),
});

/** Pages of items that one attestation names at most. */
export const MAX_ITEM_PAGES = 64;

/** A vetted institution's statement about every item of a set, judged by sample (policy.md §3). */
export const attestation = z.strictObject({
  institution: organisationId,
  /** Pages of items: item id, item date and its outside source, digitisation date, source type, maker. */
  items: z.array(cid).min(1).max(MAX_ITEM_PAGES),
  count: natural,
  root: hex32,
});
