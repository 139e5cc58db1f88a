import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { expect, it } from 'vitest';
import { isCid, parseCid } from '../../src/core/cid.ts';
import { DAG_CODEC, decodeBlock } from '../../src/core/dag/dag-node.ts';
import { parseContentPath } from '../../src/http/gateway/content-path.ts';

const LONG = `z${'z'.repeat(60_000)}`;

it.each([`{"/":"${LONG}"}`, `{"\\u002f" : "\\u007a${LONG}"}`, `{"/":"k${LONG}"}`])(
  'is soon done with a document of such a link',
  (text) => {
    const started = performance.now();
    const cid = CID.createV1(DAG_CODEC.dagJson, createDigest(0x12, new Uint8Array(32)));
    expect(() => decodeBlock(cid, Buffer.from(text))).toThrow();
    expect(performance.now() - started).toBeLessThan(500);
  },
);

it('is soon done with a name of sixty thousand characters that would be base58', () => {
  const started = performance.now();
  expect(isCid(LONG)).toBe(false);
  expect(() => parseCid(LONG)).toThrow(/is not a CID/);
  expect(() => parseContentPath(`/ipfs/${LONG}`)).toThrow(/is not a CID/);
  expect(performance.now() - started).toBeLessThan(500);
});
