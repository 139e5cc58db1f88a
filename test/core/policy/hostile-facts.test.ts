import { describe, expect, it } from 'vitest';
import { abstractFacts } from '../../../src/core/policy/abstraction/abstract-facts.ts';
import { decide } from '../../../src/core/policy/decide.ts';
import type { ConsentInput, DecisionInput } from '../../../src/core/policy/input.ts';
import { ownTaint } from '../../../src/core/policy/origin.ts';
import { BY_MAKER, drawing, PARTNER_B } from '../../support/history.ts';
import { ORG_B } from '../../support/statement-bodies.ts';
import { decided, failures, question, shippedPolicy } from '../../support/verdicts.ts';

const UNLICENSED = { ...shippedPolicy('corroborated'), licences: [] };

/** What `decide` sees of a drawing with one consent, to be bent. */
function consented(): DecisionInput {
  const history = drawing();
  history.say('consent', {}, BY_MAKER);
  return abstractFacts(history.facts(), history.context()).input;
}

function withConsents(make: (consent: ConsentInput) => readonly ConsentInput[]): DecisionInput {
  const input = consented();
  const [consent] = input.consents;
  if (consent === undefined) throw new Error('there is no consent');
  return { ...input, consents: make(consent) };
}

describe('facts that a hostile member makes up', () => {
  it('consents made under each other grant nothing', () => {
    const cyclic = withConsents((one) => [
      { ...one, under: 1 },
      { ...one, under: 0 },
    ]);
    const { verdict, headline } = decide(cyclic, question({ policy: UNLICENSED }));
    expect({ verdict, code: headline?.code }).toEqual({ verdict: 'ineligible', code: 'E_CHAIN' });
  });

  it('a chain of a hundred thousand consents has the answer of its weakest link', () => {
    const chain = (isWhole: boolean) =>
      withConsents((one) =>
        Array.from({ length: 100_000 }, (_, place) => ({
          ...one,
          makers: place === 99_999 ? one.makers : [],
          under: place === 0 ? null : place - 1,
          isChained: isWhole || place > 0,
        })),
      );
    const asked = question({ policy: UNLICENSED });
    expect(decide(chain(true), asked).verdict).toBe('eligible');
    expect(decide(chain(false), asked).headline?.code).toBe('E_CHAIN');
  });

  it('words that every object knows are no licence, purpose, medium or origin', () => {
    for (const word of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const history = drawing();
      history.say('licence', { licence: word });
      expect(failures(history), word).toEqual({ R4: 'E_NO_GRANT' });
      const asked = { purpose: word as 'ai_training' };
      expect(failures(drawing(), asked), word).toHaveProperty('R0', 'E_UNKNOWN');
      history.say('finding', {
        findings: [
          {
            inspector: 'source-type',
            version: 1,
            outcome: 'found',
            facts: { digitalSourceTypes: [word] },
          },
        ],
      });
      expect(failures(history), word).toMatchObject({ R7: 'E_ORIGIN_UNKNOWN' });
    }
  });

  it('numbers that are none, and facts of the wrong shape, say the stricter thing', () => {
    for (const digitalSourceTypes of [[1e308], [-0], [null], [[['x']]], 7, true]) {
      const history = drawing();
      history.say('finding', {
        findings: [
          { inspector: 'credentials', version: 1, outcome: 'found', facts: { digitalSourceTypes } },
        ],
      });
      expect(failures(history)).toEqual({ R7: 'E_ORIGIN_UNKNOWN' });
    }
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const say = () =>
        drawing().say('finding', {
          findings: [{ inspector: 'traces', version: 1, outcome: 'none', facts: { number } }],
        });
      expect(say).toThrow();
    }
  });

  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'a proof dated %s is no fresh copy',
    (at) => {
      const history = drawing();
      history.say('holding', {}, { at });
      const policy = { ...shippedPolicy('corroborated'), copies: 2, copyAgeDays: 90 };
      expect(failures(history, { policy })).toEqual({ R1: 'E_FIXITY_STALE' });
    },
  );

  it('a policy may ask for ages that no calendar holds', () => {
    const policy = { ...shippedPolicy('corroborated'), copyAgeDays: Number.MAX_SAFE_INTEGER };
    expect(decided(drawing(), { policy })).toMatchObject({ verdict: 'eligible', validUntil: null });
  });

  it('a moment in another spelling is answered by nobody', () => {
    for (const at of [
      '2026-11-30',
      '2026-11-30T00:00:00.000Z',
      '+012026-11-30T00:00:00Z',
      '30 Nov 2026',
    ]) {
      expect(decided(drawing(), { at }).headline?.code, at).toBe('E_INTERNAL');
    }
  });

  it('nothing can be made from a work of which something unreadable is said', () => {
    const history = drawing();
    const own = () => ownTaint(abstractFacts(history.facts(), history.context()).input);
    expect(own()).toBe('CLEAN');
    history.sayUnknown();
    expect(own()).toBe('UNKNOWN');
  });

  it('four thousand statements of every sort about one asset are decided within seconds', () => {
    const history = drawing();
    const seen = history.statements.map(({ id }) => id);
    const [deposit = ''] = seen;
    const how = { by: PARTNER_B, after: seen };
    for (let i = 0; i < 500; i += 1) {
      history.say('finding', {}, how);
      history.say(
        'finding',
        { findings: [{ inspector: 'traces', version: 2, outcome: 'unreadable', facts: {} }] },
        how,
      );
      history.say('description', { deposit }, how);
      history.say('flag', {}, how);
      history.say('flag', { state: 'cleared' }, how);
      history.say('consent', {}, { ...BY_MAKER, after: seen });
      history.say('withdrawal', {}, { ...BY_MAKER, after: seen });
      history.say('licence', { licence: `LicenseRef-${i}` }, how);
    }
    const before = performance.now();
    const { verdict } = decided(history, { requester: `organisation:${ORG_B}` });
    expect(verdict).toBe('ineligible');
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
