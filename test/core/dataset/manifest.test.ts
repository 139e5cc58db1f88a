import { expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { ReleaseManifest } from '../../../src/core/dataset/manifest.ts';
import { encodeManifest, parseManifest } from '../../../src/core/dataset/manifest-file.ts';
import { toEntryHash } from '../../../src/core/entries/entry-hash.ts';
import { signerOf } from '../../support/keys.ts';

const digest = new Uint8Array(32);
const cid = cidFromDigest(CODEC.dagPb, digest);
const document = cidFromDigest(CODEC.dagCbor, digest);
const sha256 = '0'.repeat(64);

const manifest: ReleaseManifest = {
  spec: 'ringfence/release/1',
  name: 'drawings',
  version: '1.0.0',
  created: '2026-11-23T08:00:00Z',
  curator: {
    did: signerOf('curator').did,
    organisation: '0'.repeat(32),
    archive: 'House',
    address: '/orbitdb/zdpuExample',
  },
  previous: null,
  url: 'https://example.org/d/drawings/1.0.0/',
  at: '2026-11-22T14:28:34Z',
  purpose: 'ai_generative_training',
  requester: 'anyone',
  policy: { name: 'corroborated', cid: document },
  state: toEntryHash(document),
  query: '',
  seed: 'seed',
  validation: 0.1,
  rendition: null,
  maxShardBytes: null,
  contentRoot: cid,
  license: 'CC0-1.0',
  counts: {
    assets: 1,
    bytes: 1,
    shards: 1,
    licences: { 'CC0-1.0': 1 },
    levels: { H2: 1 },
    selfVetted: 0,
    makers: 1,
    unnamed: 0,
    largestMaker: 1,
  },
  splits: { train: { shards: 1, assets: 1, bytes: 1 } },
  notice: ['No asset is known to be synthetic.'],
  shards: [
    {
      name: 'images-png-train-000000.tar',
      cid,
      size: 10_240,
      sha256,
      samples: 1,
      glueBytes: 10_300,
      config: 'images-png',
      split: 'train',
    },
  ],
  files: { 'README.md': { cid, size: 1, sha256 } },
};

it('is canonical JSON with a newline, and reads back as it was', () => {
  const bytes = encodeManifest(manifest);
  const text = new TextDecoder().decode(bytes);
  expect(text).toMatch(
    /^\{"at":"2026-11-22T14:28:34Z","contentRoot":"\w+","counts":\{"assets":1,.*"version":"1\.0\.0"\}\n$/,
  );
  expect(parseManifest(bytes)).toEqual(manifest);
});

it.each([
  ['white space', (text: string) => text.replace('{', '{ ')],
  ['no newline', (text: string) => text.trimEnd()],
  ['a key it does not know', (text: string) => text.replace('{', '{"a":1,')],
  ['a key twice', (text: string) => text.replace('{', '{"at":"2026-11-22T14:28:34Z",')],
  ['a key less', (text: string) => text.replace('"seed":"seed",', '')],
  ['another spec', (text: string) => text.replace('release/1', 'release/2')],
  ['a policy that is no document', (text: string) => text.replace(document, cid)],
  ['a time that does not exist', (text: string) => text.replace('11-22', '02-30')],
  ['two names that differ in case', (text: string) => text.replace('README.md', 'RELEASE.json')],
  ['a file that is a seal', (text: string) => text.replace('README.md', 'release.sig')],
  ['a url without a slash', (text: string) => text.replace('1.0.0/', '1.0.0')],
  ['a name with a folder', (text: string) => text.replace('README.md', 'a/README.md')],
  ['a name that leads upwards', (text: string) => text.replace('README.md', '..')],
  ['a name of a device', (text: string) => text.replace('README.md', 'aux.txt')],
  ['a hidden name', (text: string) => text.replace('README.md', '.bashrc')],
  ['half of it', (text: string) => text.slice(0, 100)],
])('refuses %s', (_, change) => {
  const text = new TextDecoder().decode(encodeManifest(manifest));
  const changed = change(text);
  expect(changed).not.toBe(text);
  expect(() => parseManifest(new TextEncoder().encode(changed))).toThrow(
    expect.objectContaining({ code: 'release_invalid' }),
  );
});

it('refuses bytes that are not UTF-8', () => {
  const bytes = encodeManifest(manifest);
  bytes[10] = 0xff;
  expect(() => parseManifest(bytes)).toThrow(expect.objectContaining({ code: 'release_invalid' }));
});

it('is not written when it breaks its own rules', () => {
  expect(() => encodeManifest({ ...manifest, name: 'a b' })).toThrow(
    expect.objectContaining({ code: 'release_invalid' }),
  );
});
