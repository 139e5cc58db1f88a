import { expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { listReadable } from '../../src/http/list-readable.ts';

interface Numbered {
  readonly cid: Cid;
  readonly number: number;
}

/** Lists numbers below a count, of which some may be read. */
function numbers(count: number, mayRead: (number: number) => boolean) {
  let looked = 0;
  const list = async ({ limit, cursor = '0' }: { limit: number; cursor?: string }) => {
    const from = Number(cursor);
    const to = Math.min(from + limit, count);
    const found: Numbered[] = [];
    for (let number = from; number < to; number += 1)
      found.push({ cid: `c${number}` as Cid, number });
    looked += found.length;
    return { found, cursor: to < count ? String(to) : null };
  };
  const reading = {
    mayRead: (one: Numbered) => mayRead(one.number),
    show: (one: Numbered) => one,
  };
  const pages = async (limit: number, skip = 0) => {
    const all: number[][] = [];
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; ) {
      const page = await listReadable({ limit, skip: isFirst ? skip : 0, cursor }, list, reading);
      all.push(page.assets.map(({ number }) => number));
      cursor = page.next ?? undefined;
      isFirst = false;
    }
    return all;
  };
  return { pages, looked: () => looked };
}

it('gives the pages that there would be if nothing else were there', async () => {
  for (const every of [1, 2, 3, 100, 400]) {
    const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((number) => number * every);
    const { pages } = numbers(9 * every + 50, (n) => n % every === 0 && n < 9 * every);
    expect((await pages(4)).flat()).toEqual(expected);
    expect(await pages(4)).toHaveLength(3);
    expect(await pages(9)).toHaveLength(1);
    expect((await pages(3, 2)).flat()).toEqual(expected.slice(2));
  }
});

it('looks at so many hidden ones for one answer and no more', async () => {
  const hidden = numbers(10_000, (n) => n === 9_000);
  expect(await hidden.pages(5)).toEqual([[], [], [9_000]]);
  // The last look of an answer may go on to the end of its page.
  expect(hidden.looked()).toBe(10_000);
  await expect(hidden.pages(5, 16_385)).rejects.toMatchObject({ code: 'usage_invalid' });
  // Those that may be read do not count.
  const open = numbers(10_000, (n) => n >= 4_000);
  expect(await open.pages(9_000)).toEqual([Array.from({ length: 6_000 }, (_, n) => 4_000 + n)]);
});
