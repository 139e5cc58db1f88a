import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstractFacts } from '../../../src/core/policy/abstraction/abstract-facts.ts';
import { masterInput } from '../../../src/core/policy/abstraction/lineage.ts';
import {
  ARCHIVIST,
  ARCHIVIST_B,
  BY_MAKER,
  drawing,
  History,
  REVIEWER_B,
  type Voice,
} from '../../support/history.ts';
import { CONTEXT, historyOf, randomHistory } from '../../support/random-history.ts';
import { GENERATED, MAKER } from '../../support/statement-bodies.ts';
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

/** What a rendition does not show itself and its master may. */
const HANDED_ON: Readonly<Record<string, string>> = {
  R4: 'E_NO_GRANT',
  R7: 'E_ORIGIN_UNKNOWN',
  R8: 'E_EVIDENCE',
};

const STOPPED: readonly (readonly [string, (master: History) => unknown])[] = [
  ['a dispute', (h) => h.say('dispute', {}, { by: ARCHIVIST_B })],
  ['a hold', (h) => h.say('hold', {}, { by: ARCHIVIST_B })],
  ['a takedown', (h) => h.say('takedown')],
  ['a quarantine', (h) => h.say('quarantine')],
  ['an erasure', (h) => h.say('erasure')],
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

  it('passes no rule but that on copies which its master fails, or its own statements against it', () => {
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
        const own = Object.keys(alone).filter((rule) => alone[rule] !== HANDED_ON[rule]);
        const expected = [...new Set([...own, ...inherited])];
        expect(Object.keys(both)).toEqual(expect.arrayContaining(expected));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('is not freed of a takedown by who calls its master a rendition too', () => {
    const master = drawing();
    master.say('takedown');
    master.say('rendition', { recipe: 'other' });
    expect(failures(rendition(), asked(master))).toMatchObject({ R2: 'E_TAKEDOWN', R9: 'E_TAINT' });
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

/** A file of which nothing is shown but who says that it is a rendition. */
function bare(...by: readonly Voice[]): History {
  const history = new History();
  history.say('deposit', { licence: null });
  history.say('finding');
  for (const voice of by) history.say('rendition', {}, { by: voice });
  return history;
}

/** Of a work with evidence, whose maker consents. */
function evidenced(): History {
  const master = drawing();
  master.say('declaration', {}, BY_MAKER);
  const kit = master.say('evidence');
  master.say('review', { evidence: [kit] }, { by: REVIEWER_B });
  return master;
}

describe('what a rendition takes over of what is shown', () => {
  it('is nothing by the word of one organisation that is no vetted institution', () => {
    expect(failures(bare(ARCHIVIST_B), asked(drawing()))).toEqual(HANDED_ON);
  });

  it('is rights, origin and H2 by the word of one vetted institution', () => {
    expect(failures(bare(ARCHIVIST), asked(evidenced()))).toEqual({});
    expect(decided(bare(ARCHIVIST), asked(evidenced())).level).toBe('H2');
  });

  it('is the whole level by the word of two organisations', () => {
    const { level } = decided(bare(ARCHIVIST, ARCHIVIST_B), asked(evidenced()));
    expect(level).toBe('H3');
  });

  it('is nothing by one institution where the policy asks for witnesses', () => {
    const { licences, ...policy } = shippedPolicy('generative-training');
    const given = {
      ...asked(evidenced()),
      policy: { ...policy, licences, copies: 0, witnesses: 1 },
    };
    const missed = failures(bare(ARCHIVIST), given);
    expect(missed).toMatchObject(HANDED_ON);
    const confirmed = failures(bare(ARCHIVIST, ARCHIVIST_B), given);
    for (const rule of Object.keys(HANDED_ON)) expect(confirmed).not.toHaveProperty(rule);
  });

  it('needs that they speak of the same recipe and parameters, whatever their versions', () => {
    const other = bare(ARCHIVIST_B);
    other.say('rendition', { recipe: 'webp-2048' }, { by: ARCHIVIST_B });
    expect(failures(other, asked(drawing()))).toEqual(HANDED_ON);
    const newer = bare();
    const one = { version: '1.0.0', parameters: { side: 2048, format: 'jpeg' } };
    newer.say('rendition', one, { by: ARCHIVIST });
    const another = { version: '2.0.0', parameters: { format: 'jpeg', side: 2048 } };
    newer.say('rendition', another, { by: ARCHIVIST_B });
    expect(decided(newer, asked(evidenced())).level).toBe('H3');
  });

  it('is nothing against what its own bytes or a reviewer say', () => {
    const generated = bare(ARCHIVIST, ARCHIVIST_B);
    const facts = { digitalSourceTypes: [GENERATED] };
    const findings = [{ inspector: 'source-type', version: 1, outcome: 'found' as const, facts }];
    generated.say('finding', { findings });
    expect(failures(generated, asked(evidenced()))).toMatchObject({ R7: 'E_SYNTHETIC' });
    const contradicted = bare(ARCHIVIST, ARCHIVIST_B);
    contradicted.say('review', { outcome: 'contradicted', evidence: [] }, { by: REVIEWER_B });
    expect(failures(contradicted, asked(evidenced()))).toMatchObject({ R7: 'E_ORIGIN_UNKNOWN' });
  });

  it('is no right against the deposit of somebody who does not call it a rendition', () => {
    const child = bare(ARCHIVIST);
    child.say('deposit', { licence: 'CC-BY-NC-4.0', makers: [MAKER] }, { by: ARCHIVIST_B });
    expect(failures(child, asked(drawing()))).toMatchObject({ R4: 'E_NO_GRANT' });
  });

  it('ends when its master is withdrawn', () => {
    const master = evidenced();
    const consent = master.say('consent', {}, BY_MAKER);
    expect(failures(bare(ARCHIVIST), asked(master))).toEqual({});
    master.say('withdrawal', { consents: [consent] }, BY_MAKER);
    expect(failures(bare(ARCHIVIST), asked(master))).toMatchObject({ R4: 'E_WITHDRAWN' });
  });

  it('is told with the way to the master', () => {
    const text = explanation(bare(ARCHIVIST), asked(drawing()));
    expect(text).toContain('It is a rendition by 1 organisation, and of its master: ');
    expect(text).toMatch(/The way: \S+ from \S+\./);
  });
});
