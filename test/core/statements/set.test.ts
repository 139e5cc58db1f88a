import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidToBytes } from '../../../src/core/cid.ts';
import { encodeBlock } from '../../../src/core/statements/block.ts';
import {
  createSet,
  decodeSetRoot,
  readSet,
  SetReader,
  type SetRoot,
} from '../../../src/core/statements/set.ts';
import { assetCid, documentCid, sha256 } from '../../support/statement-bodies.ts';

const refused = expect.objectContaining({ code: 'input_invalid' });
const members = Array.from({ length: 16_390 }, (_, i) => assetCid(`member ${i}`));
const few = members.slice(0, 10);

/** A set as another node gets it: root and pages, as bytes. */
function received(assets: Parameters<typeof createSet>[0]) {
  const [root, ...pages] = createSet(assets, sha256).blocks.map(({ bytes }) => bytes);
  if (root === undefined) throw new Error('a set without root');
  return { root: decodeSetRoot(root), pages };
}

describe('a set', () => {
  it('is the same whatever the order and repetition of its members, and holds them all', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...few), { minLength: 1, maxLength: 30 }), (chosen) => {
        const set = createSet(chosen, sha256);
        expect(set.cid).toBe(createSet([...new Set(chosen)].reverse(), sha256).cid);
        const { root, pages } = received(chosen);
        expect(new Set(readSet(root, pages, sha256))).toEqual(new Set(chosen));
        expect(set.count).toBe(new Set(chosen).size);
      }),
    );
  });

  it('of more than 16,384 members has several pages, read one by one', () => {
    const { root, pages } = received(members);
    expect(pages).toHaveLength(2);
    const reader = new SetReader(root, sha256);
    const read = pages.flatMap((page) => [...reader.page(page)]);
    reader.end();
    expect(new Set(read)).toEqual(new Set(members));
    expect(read).toHaveLength(members.length);
  });

  it('is never empty', () => {
    expect(() => createSet([], sha256)).toThrow(refused);
  });

  it('with a page too few, too many, twice or in the wrong order is refused', () => {
    const { root, pages } = received(members);
    const [first = Buffer.of(), second = Buffer.of()] = pages;
    for (const wrong of [[first], [second, first], [first, first], [first, second, second], []]) {
      expect(() => readSet(root, wrong, sha256)).toThrow(refused);
    }
  });

  it('whose count, root or members do not agree is refused', () => {
    const { root, pages } = received(few);
    const other = received(members.slice(10, 20)).pages;
    const changes: Partial<SetRoot>[] = [{ count: 9 }, { count: 11 }, { root: '0'.repeat(64) }];
    for (const change of changes) {
      expect(() => readSet({ ...root, ...change }, pages, sha256)).toThrow(refused);
    }
    expect(() => readSet(root, other, sha256)).toThrow(refused);
  });

  it('with members out of order, twice or spelt otherwise is refused', () => {
    const { root } = received(few);
    const sorted = few.map((member) => cidToBytes(member)).sort(Buffer.compare);
    const [a = Buffer.of(), b = Buffer.of(), ...rest] = sorted;
    const page = (list: readonly Uint8Array[]) => [
      encodeBlock({ v: 1, members: list }, sha256).bytes,
    ];
    expect(readSet(root, page(sorted), sha256)).toHaveLength(10);
    for (const wrong of [
      [b, a, ...rest],
      [a, a, b, ...rest],
      [a.subarray(1), b, ...rest],
    ]) {
      expect(() => readSet(root, page(wrong), sha256)).toThrow(refused);
    }
  });

  it.each([
    ['no page', { pages: [] }],
    ['no member', { count: 0 }],
    ['a page that is no document', { pages: [assetCid('page')] }],
    ['a field more', { title: 'my set' }],
    ['another version', { v: 2 }],
  ])('root with %s is refused', (_, change) => {
    const root = { v: 1, count: 1, root: '0'.repeat(64), pages: [documentCid('page')] };
    expect(decodeSetRoot(encodeBlock(root, sha256).bytes)).toEqual(root);
    expect(() => decodeSetRoot(encodeBlock({ ...root, ...change }, sha256).bytes)).toThrow(refused);
  });
});
