import { createHash, hash, randomBytes } from 'node:crypto';
import type { PackContentStore } from '../../../src/content/pack-content-store.ts';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import { toEntryHash } from '../../../src/core/entries/entry-hash.ts';
import { encodePolicy } from '../../../src/core/policy/documents.ts';
import { SHIPPED_POLICIES } from '../../../src/core/policy/shipped.ts';
import type { ReleaseMember, ReleaseRequest } from '../../../src/core/ports/release.ts';
import { maker } from '../../../test/support/release-members.ts';

const STATE = toEntryHash(cidFromDigest(CODEC.dagCbor, hash('sha256', 'state', 'buffer')));

const digest = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

/** Members of 40 to 60 KB that are known by CID and sizes only. */
export function* unstored(count: number): Iterable<ReleaseMember> {
  for (let index = 0; index < count; index += 1) {
    const sum = digest(Buffer.from(`asset ${index}`));
    const size = 40_000 + ((index * 7919) % 20_000);
    const cid = cidFromDigest(CODEC.raw, sum);
    yield member(index, { cid, size, dagSize: size, sha256: Buffer.from(sum).toString('hex') });
  }
}

function member(
  index: number,
  file: Pick<ReleaseMember, 'cid' | 'size' | 'dagSize' | 'sha256'>,
): ReleaseMember {
  return {
    ...file,
    mediaType: 'image/jpeg',
    title: `Harbour at dawn, study ${index}, pencil on paper`,
    makers: [maker(`Maker number ${index % 977}`)],
    licence: index % 2 === 0 ? 'CC0-1.0' : 'CC-BY-4.0',
    source: 'doi:10.5281/zenodo.1234567',
    deposit: `${STATE}/${index % 1024}`,
    deposited: new Date(1_700_000_000_000 + 1_000 * (index >> 8)).toISOString(),
    width: 600 + (index % 2_000),
    height: 400 + (index % 1_700),
    made: { text: 'c. 1890', earliest: '1885-01-01', latest: '1894-12-31' },
    consents: index % 2 === 0 ? [] : [`${STATE}/${index % 4}`],
    records: [],
    work: null,
    level: 'H2',
    selfVetted: false,
  };
}

export function requestFor(name: string): ReleaseRequest {
  const [policy] = SHIPPED_POLICIES;
  if (policy === undefined) throw new Error('no policy is shipped');
  return {
    name,
    version: '1.0.0',
    at: '2026-11-22T14:28:34Z',
    purpose: 'ai_generative_training',
    requester: 'anyone',
    policy: { cid: encodePolicy(policy, digest).cid, policy },
    state: STATE,
    query: '',
    seed: 'seed',
  };
}

/** Stores so many assets and returns them as members. */
export async function stored(
  count: number,
  content: PackContentStore,
  sizeOf: (index: number) => number,
): Promise<readonly ReleaseMember[]> {
  const members: ReleaseMember[] = [];
  for (let index = 0; index < count; index += 1) {
    const bytes = randomBytes(sizeOf(index));
    const { cid, dagSize } = await content.putFile({ bytes });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    members.push(member(index, { cid, size: bytes.length, dagSize, sha256 }));
  }
  await content.sync(members.map(({ cid }) => cid));
  return members;
}
