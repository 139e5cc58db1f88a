import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { workedCase } from '../../support/worked-case.ts';

const README = new URL('../../../src/core/README.md', import.meta.url).pathname;
const HEADING = '## A worked case\n';

it('the README of core tells of one drawing what explain says at each step', async () => {
  const [before, after] = readFileSync(README, 'utf8').split(HEADING);
  expect(after, `${HEADING} is missing`).toBeDefined();
  // `vitest -u` writes the section anew, where the words of a rule have changed.
  await expect(`${before}${HEADING}\n${workedCase()}`).toMatchFileSnapshot(README);
});

it('the drawing climbs the whole ladder, and each of the three takes the answer away', () => {
  const levels = [...workedCase().matchAll(/evidence level (H\d)/g)].map(([, level]) => level);
  const verdicts = [...workedCase().matchAll(/at \S+Z: (yes|not now|no)/g)].map(([, word]) => word);
  expect(levels).toEqual(['H0', 'H1', 'H2', 'H3', 'H4', 'H4', 'H4', 'H4']);
  expect(verdicts).toEqual(['no', 'no', 'yes', 'yes', 'yes', 'no', 'not now', 'no']);
});
