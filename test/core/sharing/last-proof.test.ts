import { expect, it } from 'vitest';
import type { AssetFacts } from '../../../src/core/provenance/facts.ts';
import { lastProof } from '../../../src/core/sharing/last-proof.ts';
import { signerOf } from '../../support/keys.ts';

const { did } = signerOf('holder');
const other = signerOf('challenger').did;

/** What was said of a copy, one thing after another. */
function told(
  ...said: readonly ('deposit' | 'shown' | 'failed' | 'corrupt' | 'repaired' | 'intact')[]
) {
  const known: { [kind: string]: unknown[] } = { deposit: [], holding: [], fixity: [] };
  for (const [index, what] of said.entries()) {
    const common = { id: `zdpu${index}/0`, entry: `zdpu${index}`, clock: index, at: `${index}` };
    if (what === 'deposit') known['deposit']?.push({ ...common, author: did });
    else if (what === 'shown') {
      known['holding']?.push({
        ...common,
        author: other,
        body: { holder: did, outcome: 'proven' },
      });
    } else if (what === 'failed') {
      known['holding']?.push({ ...common, author: other, body: { holder: did, outcome: what } });
    } else known['fixity']?.push({ ...common, author: did, body: { outcome: what } });
  }
  // Only what the function looks at.
  return { asset: 'bafy', known, unknown: [] } as unknown as AssetFacts;
}

/** One thing after another. */
const isEarlier = (one: string, other: string) => one < other;

it.each([
  ['none', told()],
  ['proven', told('deposit')],
  ['proven', told('shown', 'intact')],
  ['lost', told('shown', 'corrupt')],
  ['proven', told('shown', 'corrupt', 'repaired')],
  ['lost', told('corrupt')],
  ['lost', told('shown', 'failed')],
  ['lost', told('shown', 'failed', 'repaired')],
  ['lost', told('deposit', 'failed', 'intact')],
  ['proven', told('shown', 'failed', 'repaired', 'shown')],
] as const)('is %s after what was told', (state, facts) => {
  expect(lastProof(facts, did, isEarlier).state).toBe(state);
});

it('makes no copy of a repair where none was ever shown, and asks for no second one', () => {
  expect(lastProof(told('corrupt', 'repaired'), did, isEarlier).state).toBe('none');
  expect(lastProof(told('intact'), did, isEarlier).state).toBe('none');
});

it('is lost where a challenge was passed beside what says so, and not behind it', () => {
  const facts = told('shown', 'corrupt', 'shown');
  expect(lastProof(facts, did, isEarlier).state).toBe('proven');
  const isBeside = (one: string, other: string) => isEarlier(one, other) && one !== 'zdpu1';
  expect(lastProof(facts, did, isBeside).state).toBe('lost');
});
