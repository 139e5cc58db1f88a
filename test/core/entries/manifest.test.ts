import { expect, it } from 'vitest';
import { decodeCharter, encodeCharter } from '../../../src/core/entries/charter.ts';
import { decodeManifest, encodeManifest } from '../../../src/core/entries/manifest.ts';
import { encodeBlock } from '../../../src/core/statements/block.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { testArchive } from '../../support/ledger-archive.ts';

const { charter, charterBlock } = testArchive('ana', 'ben');
const charterWith = (fields: object) => encodeBlock({ ...charter, ...fields }, sha256).bytes;

it('names the charter, and the charter says who founded the archive', () => {
  const manifest = encodeManifest('Prints', charterBlock.cid, sha256);
  expect(decodeManifest(manifest.bytes)).toEqual({ name: 'Prints', charter: charterBlock.cid });
  expect(decodeCharter(charterBlock.bytes)).toEqual(charter);
});

it.each([
  ['of another database type', { name: 'a', type: 'events', accessController: '/ringfence/zdpu' }],
  [
    'of a stock access controller',
    { name: 'a', type: 'ringfence', accessController: '/ipfs/zdpu' },
  ],
  ['that names no charter', { name: 'a', type: 'ringfence', accessController: '/ringfence/zdpu' }],
  [
    'with a field too much',
    { name: 'a', type: 'ringfence', accessController: '/ringfence/', meta: 1 },
  ],
])('refuses a manifest %s', (_what, value) => {
  expect(() => decodeManifest(encodeBlock(value, sha256).bytes)).toThrow(
    expect.objectContaining({ code: 'input_invalid' }),
  );
});

it.each([
  ['without stewards', { stewards: [] }],
  ['with a steward twice', { stewards: [charter.stewards[0], charter.stewards[0]] }],
  ['with a key that is none', { stewards: [{ ...charter.stewards[0], key: 'did:key:z6Mk' }] }],
  ['whose quorum nobody can meet', { quorum: 3 }],
  ['without a name', { name: '' }],
  ['with a field too much', { extra: true }],
])('refuses a charter %s', (_what, fields) => {
  expect(() => decodeCharter(charterWith(fields))).toThrow(
    expect.objectContaining({ code: 'input_invalid' }),
  );
  expect(() => encodeCharter({ ...charter, ...fields } as typeof charter, sha256)).toThrow();
});

it('stops at a charter of a later format', () => {
  expect(() => decodeCharter(charterWith({ format: 2 }))).toThrow(
    expect.objectContaining({ code: 'format_unknown' }),
  );
});
