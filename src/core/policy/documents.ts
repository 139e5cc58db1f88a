import { z } from 'zod';
import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf, mapOf } from '../foreign-data.ts';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from '../statements/block.ts';
import { organisationId, timestamp } from '../statements/fields.ts';
import type { Unchanged } from '../unchanged.ts';

/** Policies and trust lists: documents named by the charter or by a proposal, addressed by CID. */

export const LEVELS = ['H0', 'H1', 'H2', 'H3', 'H4', 'H5'] as const;
export type Level = (typeof LEVELS)[number];

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

/** Everything numeric in policy.md is a parameter here. Ages are in whole days. */
export const policySchema = z.strictObject({
  v: z.literal(1),
  type: z.literal('policy'),
  name,
  version: z.number().int().min(1),
  from: timestamp.nullable(),
  until: timestamp.nullable(),
  /** R0: organisations other than the depositor's that must have witnessed what is relied on. */
  witnesses: z.number().int().min(0),
  /** R1: proven copies, and the greatest age of the proof; null for any age. */
  copies: z.number().int().min(1),
  copyAgeDays: z.number().int().min(1).nullable(),
  /** Inspectors whose findings must exist before the absence of a denial says anything. */
  inspectors: z.array(z.string().max(64)).max(64),
  /** R4: SPDX ids and rights URIs that satisfy it for every purpose and requester. */
  licences: z.array(z.string().max(128)).max(256),
  /** R7: origin classes that pass. */
  origins: z.array(z.string().max(64)).max(16),
  /** R8 */
  floor: z.enum(LEVELS),
  sampledEvidence: z.boolean(),
  /** Evidence class A: last day before generators of the medium, by first part of the media type. */
  cutOffs: mapOf(z.string().max(64), z.string().regex(/^\d{4}-\d\d-\d\d$/)),
  /** R10: `exact` compares CIDs only, `fingerprints` needs content codes as well. */
  duplicates: z.enum(['exact', 'fingerprints']),
});

export type Policy = Unchanged<z.output<typeof policySchema>>;

const institutions = z.strictObject({
  v: z.literal(1),
  type: z.literal('institutions'),
  institutions: z
    .array(z.strictObject({ id: organisationId, name: z.string().min(1).max(256) }))
    .max(4096),
});

export type InstitutionList = z.output<typeof institutions>;

export interface NamedPolicy {
  readonly cid: Cid;
  readonly policy: Policy;
}

/** What decide knows of the vetted institutions in force. */
export interface VettedInstitution {
  readonly id: string;
  readonly name: string;
  /** No steward of another organisation approved the list that names it. */
  readonly selfVetted: boolean;
}

export function encodePolicy(document: Policy, sha256: Sha256): Block {
  return encodeBlock(policySchema.parse(document), sha256);
}

export function encodeInstitutions(document: InstitutionList, sha256: Sha256): Block {
  return encodeBlock(institutions.parse(document), sha256);
}

/** Reads a policy as people write it. @throws {ArchiveError} `usage_invalid` naming what is wrong. */
export function readPolicy(document: unknown): Policy {
  const read = policySchema.safeParse(document);
  if (read.success) return read.data;
  throw new ArchiveError('usage_invalid', `the policy is wrong: ${faultOf(read.error)}`);
}

/** @throws {ArchiveError} `policy_unknown` if the block is no policy of this version. */
export function decodePolicy(bytes: Uint8Array): Policy {
  const read = policySchema.safeParse(decodeBlock(bytes));
  if (!read.success) throw notKnown('policy', faultOf(read.error));
  return read.data;
}

/** @throws {ArchiveError} `policy_unknown` if the block is no list of institutions of this version. */
export function decodeInstitutions(bytes: Uint8Array): InstitutionList {
  const read = institutions.safeParse(decodeBlock(bytes));
  if (!read.success) throw notKnown('list of institutions', faultOf(read.error));
  return read.data;
}

/** The refusal of a document that this version cannot read. */
export function notKnown(what: string, problem: string): ArchiveError {
  return new ArchiveError('policy_unknown', `not a ${what} that this version knows: ${problem}`);
}
