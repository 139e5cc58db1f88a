import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstractFacts } from '../../../src/core/policy/abstraction/abstract-facts.ts';
import { masterInput } from '../../../src/core/policy/abstraction/lineage.ts';
import { ARCHIVIST_B, BY_MAKER, drawing, type History } from '../../support/history.ts';
import { CONTEXT, historyOf, randomHistory } from '../../support/random-history.ts';
import { decided, explanation, failures, shippedPolicy } from '../../support/verdicts.ts';

/** Of the work the rendition was made from, nothing generated is known, and this is said. */
function asked(master: History | undefined) {
  const input = master && abstractFacts(master.facts(), master.context()).input;
  const masterOf = () => input && masterInput(input);
  return { context: { masterOf, taintOf: () => ({ taint: 'CLEAN' as const, path: [] }) } };
}

function rendition(): History {
  const history = drawing();
  history.say('rendition');
  return history;
}

const STOPPED: readonly (readonly [string, (master: History) => unknown])[] = [
  ['a dispute', (h) => h.say('dispute', {}, { by: ARCHIVIST_B })],
  ['a hold', (h) => h.say('hold', {}, { by: ARCHIVIST_B })],
  ['a takedown', (h) => h.say('takedown')],
  ['a quarantine', (h) => h.say('quarantine')],
  ['a reservation', (h) => h.say('reservation')],
  ['a flag', (h) => h.say('flag')],
  ['a registration as generated', (h) => h.say('synthetic', {}, { by: ARCHIVIST_B })],
  ['an unknown work among the parents', (h) => h.say('derivation')],
  ['a statement of an unknown kind', (h) => h.sayUnknown()],
  [
    'a consent withdrawn',
    (h) => h.say('withdrawal', { consents: [h.say('consent', {}, BY_MAKER)] }, BY_MAKER),
  ],
];

describe('a rendition', () => {
  it('of an eligible work that is eligible itself is eligible', () => {
    expect(failures(rendition(), asked(drawing()))).toEqual({});
  });

  it.each(STOPPED)('is stopped by %s of the work it was made from, by the same rules', (_, say) => {
    const master = drawing();
    say(master);
    const expected = failures(master);
    expect(expected).not.toEqual({});
    expect(failures(rendition(), asked(master))).toEqual(expected);
  });

  it('does not get rid of what stops it by what its parent may do', () => {
    const child = rendition();
    child.say('takedown');
    expect(failures(child, asked(drawing()))).toEqual({ R2: 'E_TAKEDOWN' });
  });

  it('says that it is its master of which the rule speaks, and names the statement', () => {
    const master = drawing();
    master.say('takedown');
    expect(explanation(rendition(), asked(master))).toContain(
      'It is a rendition, and of its master:',
    );
  });

  it('is ineligible if its parent is not deposited', () => {
    expect(failures(rendition(), asked(undefined))).toEqual({ R9: 'E_TAINT' });
  });

  it('is ineligible if its parent is itself said to be a rendition, so chains and cycles end', () => {
    expect(failures(rendition(), asked(rendition()))).toEqual({ R9: 'E_TAINT' });
  });

  it('gains nothing by a parent that another organisation names', () => {
    const child = rendition();
    const taken = drawing();
    taken.say('takedown');
    child.say('takedown');
    child.say('rendition', {}, { by: ARCHIVIST_B });
    expect(failures(child, asked(drawing()))).toEqual({ R2: 'E_TAKEDOWN' });
    const stranger = drawing();
    stranger.say('rendition', {}, { by: ARCHIVIST_B });
    expect(failures(stranger, asked(taken))).toEqual({ R2: 'E_TAKEDOWN' });
  });

  it('is decided anew at the moment at which its master is', () => {
    const policy = { ...shippedPolicy('corroborated'), copies: 0, copyAgeDays: null };
    const master = drawing();
    master.say('consent', { until: '2027-01-01T00:00:00Z' }, BY_MAKER);
    const { validUntil } = decided(rendition(), { ...asked(master), policy });
    expect(validUntil).toBe('2027-01-01T00:00:00Z');
  });

  it('passes no rule but that on copies which its master or its own statements fail', () => {
    fc.assert(
      fc.property(randomHistory, randomHistory, (ofMaster, ofChild) => {
        const master = historyOf(ofMaster);
        const child = historyOf(ofChild);
        const alone = failures(child, { context: CONTEXT });
        const above = failures(master, { context: CONTEXT });
        child.say('rendition');
        const input = masterInput(abstractFacts(master.facts(), master.context(CONTEXT)).input);
        const both = failures(child, { context: { ...CONTEXT, masterOf: () => input } });
        const ofParent = input === undefined ? ['R9'] : Object.keys(above);
        const inherited = ofParent.filter((rule) => rule !== 'R1');
        const expected = [...new Set([...Object.keys(alone), ...inherited])];
        expect(Object.keys(both)).toEqual(expect.arrayContaining(expected));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('of two works is stopped by what stops either', () => {
    const stopped = drawing();
    stopped.say('takedown');
    const child = rendition();
    child.say('rendition', { recipe: 'other' });
    const inputs = [drawing(), stopped].map((one) =>
      masterInput(abstractFacts(one.facts(), one.context()).input),
    );
    let asking = 0;
    const masterOf = () => inputs[asking++ % 2];
    const { context } = asked(undefined);
    expect(failures(child, { context: { ...context, masterOf } })).toEqual({ R2: 'E_TAKEDOWN' });
  });
});
