import { afterAll, describe, expect, it } from 'vitest';
import { contentCodesOf } from '../../src/core/likeness/content-codes.ts';
import { LIKENESS_LIMITS, likenessOf } from '../../src/core/likeness/likeness.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pick, storeAsPack } from './support/inspected.ts';

/** What somebody does to a registered text or drawing so that it is not recognised, and what comes of it. */

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const WORDS =
  'river stone lantern harbour winter letter garden window copper thread mountain salt bridge paper morning shadow orchard candle feather anchor'.split(
    ' ',
  );

/** A text of so many words that says something else all the time. */
function story(words: number, seed: number): string {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return WORDS[(state >>> 16) % WORDS.length] ?? '';
  };
  return Array.from({ length: words }, (_, at) => (at % 12 === 11 ? `${next()}.` : next())).join(
    ' ',
  );
}

async function codesOf(text: string, filename = 'a.txt') {
  const requests = storeAsPack(folder.path, [{ filename, bytes: Buffer.from(text) }]);
  const [findings] = await inspectors.inspect(requests, { inspectors: ['fingerprints'] });
  return contentCodesOf(pick(findings ?? [], 'fingerprints').facts, LIKENESS_LIMITS);
}

async function likeness(one: string, other: string, otherName?: string) {
  const [a, b] = [await codesOf(one), await codesOf(other, otherName)];
  if (a?.kind !== 'text' || b?.kind !== 'text') return undefined;
  let text = 0;
  for (const [at, byte] of a.code.entries()) {
    text += (byte ^ (b.code[at] ?? 0)).toString(2).replaceAll('0', '').length;
  }
  return likenessOf({ text }, LIKENESS_LIMITS);
}

const original = story(600, 7);
const lines = original.split('. ');

describe('a text that somebody changed', () => {
  it.each<[string, string]>([
    [
      'in letters large and small, spaces, line breaks and punctuation',
      original.toUpperCase().replaceAll('. ', ' –\n\n\t'),
    ],
    ['by characters that nobody sees', [...original].join('\u200b')],
    ['by accents on every vowel', original.replace(/[aeiou]/g, (vowel) => `${vowel}\u0301`)],
    [
      'by letters of full width',
      original.replace(/[a-z]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)),
    ],
    ['by saying it five times over', Array(5).fill(original).join('\n')],
    ['by the order of its halves', [...lines.slice(25), ...lines.slice(0, 25)].join('. ')],
  ])('is recognised: %s', async (_, changed) => {
    expect(await likeness(original, changed)).toBe('same');
  });

  it('is recognised as a page of the web', async () => {
    const page = `<!doctype html><title>x</title><body><p>${lines.join('.</p><p>')}</p></body>`;
    expect(await likeness(original, page, 'a.html')).toBe('same');
  });

  it.each<[string, string]>([
    [
      'letters of another script that look alike',
      original.replaceAll('a', 'а').replaceAll('e', 'е').replaceAll('o', 'о'),
    ],
    [
      'every fifth word replaced',
      original
        .split(' ')
        .map((word, at) => (at % 5 === 0 ? 'other' : word))
        .join(' '),
    ],
  ])('is not recognised, which the README says: %s', async (_, changed) => {
    expect(await likeness(original, changed)).toBeUndefined();
  });

  it('is compared only where it does not repeat itself', async () => {
    expect(await codesOf('All work and no play makes a dull book. '.repeat(500))).toBeUndefined();
    expect(await codesOf('0;0;0;0;0\n'.repeat(2_000), 'a.csv')).toBeUndefined();
    expect(await likeness(original, story(600, 8))).toBeUndefined();
  });
});

describe('a drawing that somebody wrote anew', () => {
  it('is compared by its bytes alone, which the README says', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>';
    expect(await codesOf(svg, 'a.svg')).toBeUndefined();
  });
});
