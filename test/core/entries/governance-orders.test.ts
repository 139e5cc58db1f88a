import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldGovernance } from '../../../src/core/entries/governance/fold.ts';
import { summaryOf } from '../../support/governance-model.ts';
import { buildStory, steps } from '../../support/governance-story.ts';

it('folds a set of acts to the same state in whatever order they are given', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(), { minLength: 50, maxLength: 50 }), (story, keys) => {
      const model = buildStory(story);
      const expected = summaryOf(model.now());
      const acts = model.entries.flatMap(({ act }) => act ?? []);
      const context = {
        charter: model.archive.charter,
        charterCid: model.archive.charterBlock.cid,
        isInPast: (
          a: Parameters<typeof model.isInPast>[0],
          b: Parameters<typeof model.isInPast>[1],
        ) => model.isInPast(a, b),
      };
      for (let turn = 0; turn < 10; turn += 1) {
        const order = acts
          .map((act, i) => ({ act, key: keys[(i * 7 + turn * 13) % keys.length] ?? 0 }))
          .sort((a, b) => a.key - b.key);
        const folded = foldGovernance(
          order.map(({ act }) => act),
          context,
        );
        expect(summaryOf(folded)).toEqual(expected);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
