import { createHash } from 'node:crypto';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { encodePolicy } from '../../src/core/policy/documents.ts';
import { SHIPPED_POLICIES } from '../../src/core/policy/shipped.ts';
import type { ReleaseMember, ReleaseRequest } from '../../src/core/ports/release.ts';
import type { FileLink } from '../../src/core/unixfs/file-node.ts';
import { sha256 } from './memory-content.ts';

const [corroborated] = SHIPPED_POLICIES;
if (corroborated === undefined) throw new Error('no policy is shipped');

/** A request for a release under the shipped policy `corroborated`. */
export const releaseRequest: ReleaseRequest = {
  name: 'drawings',
  version: '1.0.0',
  at: '2026-11-22T14:28:34Z',
  purpose: 'ai_generative_training',
  requester: 'anyone',
  policy: { cid: encodePolicy(corroborated, sha256).cid, policy: corroborated },
  state: toEntryHash(cidFromDigest(CODEC.dagCbor, sha256(Buffer.from('state')))),
  query: '',
  seed: 'seed',
};

/** A member over a stored file; what it says of itself can be overridden. */
export function releaseMember(
  { cid, fileSize, dagSize }: FileLink,
  bytes: Uint8Array,
  told: Partial<ReleaseMember> = {},
): ReleaseMember {
  return {
    cid,
    size: fileSize,
    dagSize,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    mediaType: 'image/png',
    title: 'Harbour at dawn',
    makers: [maker('Ada Maker')],
    licence: 'CC0-1.0',
    source: 'npm:openmoji@17.0.0',
    work: null,
    deposit: `${releaseRequest.state}/0`,
    deposited: '2026-11-20T10:00:00Z',
    width: 1200,
    height: 800,
    made: { text: 'c. 1890', earliest: '1885-01-01', latest: '1894-12-31' },
    consents: [],
    records: [],
    level: 'H2',
    selfVetted: false,
    ...told,
  };
}

/** A maker whose commitment anybody could make; those of an archive are salted. */
export function maker(name: string): ReleaseMember['makers'][number] {
  return { id: createHash('sha256').update(name).digest('hex'), name };
}

/** Bytes that differ for every seed and look random to a compressor. */
export function noise(seed: string, length: number): Buffer {
  if (length === 0) return Buffer.alloc(0);
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}
