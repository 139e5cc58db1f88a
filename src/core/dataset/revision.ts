import { z } from 'zod';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { assetCid, cid, code, did, hex32, timestamp } from '../statements/fields.ts';
import { encodeSigned, parseSigned, type SignedForm } from './signed-file.ts';

/** What became of a sample of a release. No personal data: reasons are codes of policy.md §6. */
const change = z.strictObject({
  asset: assetCid,
  /** Name of the shard that it was cut into; the sample's key is the asset. */
  shard: z.string(),
  /** `removed`: its bytes are destroyed as well. `reinstated`: it is served again. */
  state: z.enum(['withdrawn', 'removed', 'reinstated']),
  reason: code,
});

const revision = z.strictObject({
  spec: z.literal('ringfence/withdrawn/1'),
  release: cid,
  /** Counted from 1; 0 is the release as it was cut. */
  revision: z.int().min(1),
  /** sha-256 of the file of the revision before; null in the first. */
  previous: hex32.nullable(),
  issued: timestamp,
  /** The node that serves it, by its key. */
  issuer: did,
  /** Sorted by asset. */
  entries: z.array(change).min(1),
});

export type RevisionEntry = z.output<typeof change>;
export type Revision = z.output<typeof revision>;

const form: SignedForm<Revision> = {
  schema: revision.extend({ signature: z.string().max(1024) }),
  signer: ({ issuer }) => issuer,
  what: 'a withdrawal list',
};

/** Returns `withdrawn/E.json`, signed. */
export function encodeRevision(value: Revision, signer: Signer): Uint8Array {
  return encodeSigned(value, signer);
}

/**
 * Returns what a `withdrawn/E.json` says, once its signature was checked.
 *
 * @throws {ArchiveError} `release_invalid`.
 */
export function parseRevision(bytes: Uint8Array, verify: VerifySignature): Revision {
  return parseSigned(bytes, form, verify);
}
