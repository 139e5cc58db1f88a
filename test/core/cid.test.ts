import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import {
  CODEC,
  cidFromBytes,
  cidFromDigest,
  cidToBytes,
  codecOf,
  digestOf,
  isCid,
  parseCid,
} from '../../src/core/cid.ts';

const refused = expect.objectContaining({ code: 'input_invalid' });
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const codec = fc.constantFrom(...Object.values(CODEC));
const [example] = fc.sample(fc.tuple(codec, digest), { numRuns: 1, seed: 4 });
const text = cidFromDigest(...(example ?? [CODEC.raw, new Uint8Array(32)]));

describe('a CID', () => {
  it('is what multiformats makes of it, there and back', () => {
    fc.assert(
      fc.property(codec, digest, (code, bytes) => {
        const cid = cidFromDigest(code, bytes);
        const library = CID.parse(cid);
        expect(isCid(cid)).toBe(true);
        expect(parseCid(cid)).toBe(cid);
        expect(codecOf(cid)).toBe(code);
        expect(Buffer.compare(digestOf(cid), bytes)).toBe(0);
        expect(Buffer.compare(cidToBytes(cid), library.bytes)).toBe(0);
        expect(cidFromBytes(cidToBytes(cid))).toBe(cid);
      }),
    );
  });

  it('has one spelling: a changed letter is refused or names something else', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz234567ABZ=189 ';
    const change = fc.tuple(fc.nat({ max: text.length - 1 }), fc.constantFrom(...letters));
    fc.assert(
      fc.property(change, ([place, letter]) => {
        const changed = text.slice(0, place) + letter + text.slice(place + 1);
        let canonical: string | undefined;
        try {
          const cid = CID.parse(changed);
          const { code, size } = cid.multihash;
          if (cid.version === 1 && code === 0x12 && size === 32) canonical = cid.toString();
        } catch {
          canonical = undefined;
        }
        expect(isCid(changed)).toBe(canonical === changed);
        if (canonical !== changed) expect(() => parseCid(changed)).toThrow(refused);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['version 0', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG'],
    ['base58', CID.parse(text).toString(base58btc)],
    ['another hash', 'bafkrwiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['a space', ` ${text}`],
    ['nothing', ''],
  ])('in %s is refused', (_, other) => {
    expect(isCid(other)).toBe(false);
    expect(() => parseCid(other)).toThrow(refused);
  });

  it('is no byte more, no byte less', () => {
    const bytes = cidToBytes(text);
    for (const wrong of [bytes.subarray(1), Buffer.concat([bytes, Buffer.of(0)]), Buffer.of()]) {
      expect(() => cidFromBytes(wrong)).toThrow(refused);
    }
    expect(isCid(undefined)).toBe(false);
  });
});
