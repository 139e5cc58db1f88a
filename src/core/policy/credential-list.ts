import { z } from 'zod';
import type { Cid } from '../cid.ts';
import { faultOf, listOf } from '../foreign-data.ts';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from '../statements/block.ts';
import { notKnown } from './documents.ts';

/** The trust list for Content Credentials: a document named by a proposal, addressed by CID. */

/** DER of an X.509 certificate, in base64. */
const certificate = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/);

/** A conforming product: whose certificates name it, and how far its signatures go. */
const product = z.strictObject({
  id: z.string().min(1).max(64),
  /** Subject of its certificates: O and CN. */
  organisation: z.string().max(256),
  name: z.string().min(1).max(256),
  /** Greatest assurance level that the conformance programme gave it. */
  level: z.number().int().min(0).max(9),
  /** Counts for capture below level 2 as well, by decision of the stewards. */
  allowed: z.boolean(),
  /** Rubric signals that it may not give, such as `inception:signal_capturedMedia`. */
  disallowed: z.array(z.string().max(64)).max(32),
});

const credentialList = z.strictObject({
  v: z.literal(1),
  type: z.literal('credentials'),
  /** Anchors of those who sign claims. */
  signers: listOf(certificate, { max: 1024 }),
  /** Anchors of time-stamping authorities. */
  timestampers: listOf(certificate, { max: 1024 }),
  /** Extended key usages (OIDs) that a signer's certificate may have; the validator's own where empty. */
  usages: z
    .array(
      z
        .string()
        .max(64)
        .regex(/^\d+(\.\d+)+$/),
    )
    .max(32),
  products: listOf(product, { max: 4096 }),
});

export type CredentialList = z.output<typeof credentialList>;

/** The list in force with the CID that findings name. */
export interface NamedCredentialList {
  readonly cid: Cid;
  readonly list: CredentialList;
}

export const NO_CREDENTIAL_LIST: CredentialList = {
  v: 1,
  type: 'credentials',
  signers: [],
  timestampers: [],
  usages: [],
  products: [],
};

export function encodeCredentialList(document: CredentialList, sha256: Sha256): Block {
  return encodeBlock(credentialList.parse(document), sha256);
}

/** @throws {ArchiveError} `policy_unknown` if the block is no list of credentials of this version. */
export function decodeCredentialList(bytes: Uint8Array): CredentialList {
  const read = credentialList.safeParse(decodeBlock(bytes));
  if (!read.success) throw notKnown('trust list for credentials', faultOf(read.error));
  return read.data;
}
