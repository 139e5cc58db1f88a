import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { assetCid, cid, code, did, hex32, timestamp } from '../statements/fields.ts';
import { canonicalJson } from './canonical-json.ts';
import { manifestSigner, signManifest } from './manifest-signature.ts';

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

const signed = revision.extend({
  /** As `release.sig` over all else in canonical JSON and a newline. */
  signature: z.string().max(1024),
});

export type RevisionEntry = z.output<typeof change>;
export type Revision = z.output<typeof revision>;

/** Returns `withdrawn/E.json`: canonical JSON (RFC 8785) and a newline, signed. */
export function encodeRevision(value: Revision, signer: Signer): Uint8Array {
  const signature = signManifest(textOf(value), signer);
  return textOf({ ...value, signature });
}

/**
 * Returns what a `withdrawn/E.json` says, once its signature was checked.
 *
 * @throws {ArchiveError} `release_invalid`.
 */
export function parseRevision(bytes: Uint8Array, verify: VerifySignature): Revision {
  const read = signed.safeParse(parseJson(bytes));
  if (!read.success) throw invalid(faultOf(read.error));
  const { signature, ...value } = read.data;
  const signer = manifestSigner(textOf(value), signature, verify);
  if (signer !== value.issuer) throw invalid(`${signer} has signed it, and not ${value.issuer}`);
  return value;
}

function textOf(value: Parameters<typeof canonicalJson>[0]): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(value)}\n`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ArchiveError('release_invalid', 'a withdrawal list is not JSON', { cause });
  }
}

function invalid(what: string): ArchiveError {
  return new ArchiveError('release_invalid', `a withdrawal list cannot be used: ${what}`);
}
