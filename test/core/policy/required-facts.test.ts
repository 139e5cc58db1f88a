import { describe, expect, it } from 'vitest';
import { BY_MAKER, History, REVIEWER_B } from '../../support/history.ts';
import { ORG_B, ORG_C } from '../../support/statement-bodies.ts';
import { decided, shippedPolicy } from '../../support/verdicts.ts';

const policy = shippedPolicy('generative-training');
const seen = { witnesses: [ORG_B, ORG_C] };

/** What `generative-training` asks for, and not one statement more. */
function shown(): History {
  const history = new History();
  history.say('deposit', { licence: null }, seen);
  history.say('finding', {}, seen);
  history.say(
    'finding',
    { findings: [{ inspector: 'fingerprints', version: 1, outcome: 'not-applicable', facts: {} }] },
    seen,
  );
  history.say('declaration', {}, { ...BY_MAKER, ...seen });
  const kit = history.say('evidence', {}, seen);
  history.say('review', { evidence: [kit] }, { by: REVIEWER_B, ...seen });
  history.say('consent', {}, { ...BY_MAKER, ...seen });
  history.say('holding');
  return history;
}

describe('a drawing under generative-training', () => {
  it('is eligible at H3 with a declaration, a reviewed kit, a consent, two copies and witnesses', () => {
    expect(decided(shown(), { policy })).toMatchObject({ verdict: 'eligible', level: 'H3' });
  });

  it('is not when any one statement is missing', () => {
    const history = shown();
    for (const { id, statement } of history.statements) {
      const { verdict } = decided(history, { policy, facts: history.without(id) });
      expect(verdict, `without its ${statement.kind}`).not.toBe('eligible');
    }
  });

  it('is not when any one statement is not witnessed, holdings excepted', () => {
    const { length } = shown().statements;
    for (let unseen = 0; unseen < length; unseen++) {
      const history = shown();
      const { statements } = history;
      const facts = history.facts(
        statements.map((one, i) => (i === unseen ? { ...one, witnesses: [ORG_C] } : one)),
      );
      const kind = statements[unseen]?.statement.kind;
      const asked = { policy: { ...policy, witnesses: 2 }, facts };
      expect(decided(history, asked).verdict, `unseen ${kind}`).toBe(
        kind === 'holding' ? 'eligible' : 'ineligible',
      );
    }
  });

  it('is not for another purpose, requester, policy or time', () => {
    const history = shown();
    const others = [
      { purpose: 'data_mining' as const },
      { policy: shippedPolicy('gold') },
      { at: '2027-06-01T00:00:00Z' },
    ];
    for (const other of others) {
      expect(decided(history, { policy, ...other }).verdict).toBe('ineligible');
    }
  });
});
