import fc from 'fast-check';
import { base32 } from 'multiformats/bases/base32';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import {
  entryHashFromBytes,
  entryHashToBytes,
  fromEntryHash,
  toEntryHash,
} from '../../../src/core/entries/entry-hash.ts';
import { isEntryHash } from '../../../src/core/statements/fields.ts';

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('spells a CID as the library does, and reads it back', () => {
  fc.assert(
    fc.property(digest, (bytes) => {
      const library = CID.createV1(CODEC.dagCbor, createDigest(0x12, bytes));
      const hash = toEntryHash(cidFromDigest(CODEC.dagCbor, bytes));
      expect(hash).toBe(library.toString(base58btc));
      expect(isEntryHash(hash)).toBe(true);
      expect(fromEntryHash(hash)).toBe(library.toString());
      expect(Buffer.compare(entryHashToBytes(hash), library.bytes)).toBe(0);
      expect(entryHashFromBytes(library.bytes)).toBe(hash);
    }),
    { numRuns: 1_000 },
  );
});

const bytes = new Uint8Array(32).fill(7);
const entry = CID.createV1(CODEC.dagCbor, createDigest(0x12, bytes));

it.each([
  ['base32', entry.toString(base32)],
  ['a letter more', `${entry.toString(base58btc)}1`],
  ['a letter that is no digit', entry.toString(base58btc).replace(/.$/, '0')],
  ['another codec', CID.createV1(CODEC.raw, createDigest(0x12, bytes)).toString(base58btc)],
  ['another hash', CID.createV1(CODEC.dagCbor, createDigest(0x16, bytes)).toString(base58btc)],
  ['nothing', ''],
])('knows that %s is no hash of an entry', (_, text) => {
  expect(isEntryHash(text)).toBe(false);
  expect(isEntryHash(text)).toBe(false);
});
