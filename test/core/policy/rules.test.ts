import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/core/policy/question.ts';
import type { Finding } from '../../../src/core/ports/inspector.ts';
import {
  ARCHIVIST,
  ARCHIVIST_B,
  BY_MAKER,
  drawing,
  History,
  OPERATOR,
  PARTNER_B,
  REVIEWER_B,
  REVIEWER_C,
  STEWARD,
  STEWARD_B,
} from '../../support/history.ts';
import {
  COMPOSITE_WITH_GENERATED,
  documentCid,
  GENERATED,
  hex,
  INSPECTORS,
  ORG_A,
  ORG_B,
  ORG_C,
  SCREEN_CAPTURE,
} from '../../support/statement-bodies.ts';
import {
  type Asked,
  decided,
  explanation,
  failures,
  shippedPolicy,
} from '../../support/verdicts.ts';

interface Case {
  readonly title: string;
  readonly tell: (history: History) => void;
  readonly fails: Readonly<Record<string, string>>;
  readonly verdict?: 'hold' | 'ineligible';
  readonly asked?: Asked;
}

const CORROBORATED = shippedPolicy('corroborated');
const NOTHING_SHOWN = { R7: 'E_ORIGIN_UNKNOWN', R8: 'E_EVIDENCE' };

const found = (inspector: string, facts: Finding['facts']) => ({
  findings: [{ inspector, version: 1, outcome: 'found' as const, facts }],
});

/** Each row adds to a drawing that is eligible, and names every rule that must then fail. */
const ADDITIONS: readonly Case[] = [
  {
    title: 'R0: a statement of a kind that is not known',
    tell: (h) => h.sayUnknown(),
    fails: { R0: 'E_UNKNOWN' },
  },
  {
    title: 'R0: deposits that disagree on the digest',
    tell: (h) => h.say('deposit', { sha256: hex('other bytes') }),
    fails: { R0: 'E_RECORD' },
  },
  {
    title: 'R0: no witness of another organisation where the policy asks for one',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, witnesses: 1 } },
    fails: { R0: 'E_NOT_LOGGED' },
  },
  {
    title: 'R1: fewer copies than the policy asks for',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, copies: 2 } },
    fails: { R1: 'E_INTEGRITY' },
  },
  {
    title: 'R1: the only copy found damaged by its own node',
    tell: (h) => h.say('fixity', { outcome: 'corrupt' }),
    fails: { R1: 'E_INTEGRITY' },
  },
  {
    title: 'R1: a proof older than the policy allows',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, copyAgeDays: 9 } },
    fails: { R1: 'E_FIXITY_STALE' },
  },
  {
    title: 'R2: a takedown',
    tell: (h) => h.say('takedown', {}, { by: STEWARD }),
    fails: { R2: 'E_TAKEDOWN' },
  },
  {
    title: 'R2: a removal',
    tell: (h) => h.say('removal', {}, { by: STEWARD }),
    fails: { R2: 'E_ERASED' },
  },
  {
    title: 'R2: the erasure of what the deposit says',
    tell: (h) => h.say('erasure'),
    fails: { R2: 'E_ERASED' },
  },
  {
    title: 'R2: a quarantine',
    tell: (h) => h.say('quarantine'),
    fails: { R2: 'E_QUARANTINE' },
  },
  {
    title: 'R3: a dispute, of a set or of the asset',
    tell: (h) => h.say('dispute', {}, { ofSet: true }),
    fails: { R3: 'H_DISPUTE' },
    verdict: 'hold',
  },
  {
    title: 'R3: an upheld dispute stays',
    tell: (h) => {
      const dispute = h.say('dispute');
      h.say('resolution', { of: [dispute], outcome: 'upheld' }, { by: STEWARD });
    },
    fails: { R3: 'H_DISPUTE' },
    verdict: 'hold',
  },
  {
    title: 'R3: a hold by a steward, its deadline passed or not',
    tell: (h) => h.say('hold', { deadline: '2026-11-21T00:00:00Z' }),
    fails: { R3: 'H_HOLD' },
    verdict: 'hold',
  },
  {
    title: 'R4: a licence that is not in the table, stated later by the same organisation',
    tell: (h) => h.say('licence', { licence: 'CC-BY-NC-4.0' }),
    fails: { R4: 'E_NO_GRANT' },
  },
  {
    title: 'R4: a second deposit of the same bytes without a licence',
    tell: (h) => h.say('deposit', { licence: null }),
    fails: { R4: 'E_NO_GRANT' },
  },
  {
    title: 'R4: a consent that was withdrawn, although a licence allows the use',
    tell: (h) => {
      const consent = h.say('consent', {}, BY_MAKER);
      h.say('withdrawal', { consents: [consent] }, BY_MAKER);
    },
    fails: { R4: 'E_WITHDRAWN' },
  },
  {
    title: 'R5: a reservation, although a licence allows the use',
    tell: (h) => h.say('reservation'),
    fails: { R5: 'E_RESERVED(tdmrep)' },
  },
  {
    title: 'R5: a maker who denies this purpose and allows another',
    tell: (h) =>
      h.say('consent', { purposes: { ai_generative_training: 'deny', search_index: 'allow' } }),
    fails: { R5: 'E_RESERVED(consent)' },
  },
  {
    title: 'R5: a condition that no consent names',
    tell: (h) =>
      h.say('reservation', { values: { ai_generative_training: { condition: 'payment' } } }),
    fails: { R5: 'E_CONDITION' },
  },
  {
    title: 'R6: a flag about a likeness',
    tell: (h) => h.say('flag'),
    fails: { R6: 'E_PERSONAL' },
  },
  {
    title: 'R6: a flag cleared for another purpose',
    tell: (h) => {
      h.say('flag', { flag: 'community' });
      h.say('flag', { flag: 'community', state: 'cleared', purposes: ['search_index'] });
    },
    fails: { R6: 'E_PERSONAL' },
  },
  {
    title: 'R7: traces of a generator in the bytes',
    tell: (h) => h.say('finding', found('traces', { generator: 'comfyui', proves: 'generated' })),
    fails: { R7: 'E_SYNTHETIC', R8: 'E_EVIDENCE', R9: 'E_TAINT' },
  },
  {
    title: 'R7: traces in what its depositor calls a screen capture',
    tell: (h) => {
      h.say('finding', found('traces', { generator: 'comfyui', proves: 'generated' }));
      h.say('declaration', { digitalSourceType: SCREEN_CAPTURE, identity: null });
    },
    fails: { R7: 'E_MIXED', R8: 'E_EVIDENCE', R9: 'E_TAINT' },
  },
  {
    title: 'R7: traces of something that has no name',
    tell: (h) => h.say('finding', found('traces', {})),
    fails: { R7: 'E_ORIGIN_UNKNOWN' },
  },
  {
    title: 'R7: a source type in the bytes that says generated',
    tell: (h) => h.say('finding', found('source-type', { digitalSourceTypes: [GENERATED] })),
    fails: { R7: 'E_SYNTHETIC', R8: 'E_EVIDENCE', R9: 'E_TAINT' },
  },
  {
    title: 'R7: a source type in the bytes that nobody knows',
    tell: (h) => h.say('finding', found('source-type', { digitalSourceTypes: [], unknown: 1 })),
    fails: { R7: 'E_ORIGIN_UNKNOWN' },
  },
  {
    title: 'R7: a source type that ExifTool saw and nobody knows',
    tell: (h) => h.say('finding', found('deep-metadata', { digitalSourceTypes: [], unknown: 1 })),
    fails: { R7: 'E_ORIGIN_UNKNOWN' },
  },
  {
    title: 'R7: the depositor says that it was edited with a generator',
    tell: (h) =>
      h.say('declaration', { digitalSourceType: COMPOSITE_WITH_GENERATED, identity: null }),
    fails: { R7: 'E_MIXED', R8: 'E_EVIDENCE', R9: 'E_TAINT' },
  },
  {
    title: 'R7: a declaration that names exceptions',
    tell: (h) => h.say('declaration', { generative: 'exceptions' }, BY_MAKER),
    fails: { R7: 'E_MIXED', R8: 'E_EVIDENCE', R9: 'E_TAINT' },
  },
  {
    title: 'R7: made by an algorithm',
    tell: (h) =>
      h.say('custody', {
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
      }),
    fails: { R7: 'E_ALGORITHMIC' },
  },
  {
    title: 'R7: a stranger who calls it generated leaves it open and labels nobody',
    tell: (h) =>
      h.say(
        'declaration',
        { digitalSourceType: GENERATED, identity: null },
        { by: PARTNER_B, isCarried: true },
      ),
    fails: { R7: 'E_ORIGIN_UNKNOWN' },
  },
  {
    title: 'R7: nor does a stranger who deposits the same bytes first',
    tell: (h) => {
      h.say('deposit', {}, { by: ARCHIVIST_B });
      h.say('declaration', { digitalSourceType: GENERATED, identity: null }, { by: ARCHIVIST_B });
    },
    fails: { R7: 'E_ORIGIN_UNKNOWN' },
  },
  {
    title: 'R7 and R8: a reviewer who contradicts the custody statement',
    tell: (h) => h.say('review', { outcome: 'contradicted' }, { by: REVIEWER_B }),
    fails: NOTHING_SHOWN,
  },
  {
    title: 'R8: less than the policy asks for',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, floor: 'H3' } },
    fails: { R8: 'E_EVIDENCE' },
  },
  {
    title: 'R9: made from a work that nobody knows',
    tell: (h) => h.say('derivation'),
    fails: { R9: 'E_TAINT' },
  },
  {
    title: 'R9: generated with a clean work as input',
    tell: (h) => h.say('derivation', { relation: 'generated-with-input' }),
    asked: { context: { taintOf: () => ({ taint: 'CLEAN', path: [] }) } },
    fails: { R9: 'E_TAINT' },
  },
  {
    title: 'R9: a rendition of a mixed work',
    tell: (h) => h.say('rendition'),
    asked: { context: { taintOf: (cid) => ({ taint: 'MIXED', path: [cid] }) } },
    fails: { R9: 'E_TAINT' },
  },
  {
    title: 'R9: a credential that tells a part of what went into the file',
    tell: (h) => h.say('finding', found('credentials', { ingredients: { own: [], cut: true } })),
    fails: { R9: 'E_TAINT' },
  },
  {
    title: 'R9: a credential by which something was given to a program',
    tell: (h) => {
      const own = [{ manifest: null, relationship: 'inputTo', ingredients: [] }];
      h.say('finding', found('credentials', { ingredients: { own, cut: false } }));
    },
    fails: { R9: 'E_TAINT' },
  },
  {
    title: 'R10: the same bytes registered by somebody',
    tell: (h) => h.say('synthetic', {}, { by: ARCHIVIST_B }),
    fails: { R10: 'H_NEAR_DUP' },
    verdict: 'hold',
  },
  {
    title: 'R10: an operator who registers after the deposit',
    tell: (h) => h.say('synthetic', { basis: 'operator' }, { by: OPERATOR }),
    fails: { R10: 'H_NEAR_DUP' },
    verdict: 'hold',
  },
  {
    title: 'R10: registered, and its own bytes say so',
    tell: (h) => {
      h.say('synthetic');
      h.say('finding', found('traces', { generator: 'comfyui', proves: 'generated' }));
    },
    fails: { R7: 'E_SYNTHETIC', R8: 'E_EVIDENCE', R9: 'E_TAINT', R10: 'E_DUP_SYNTH' },
  },
  {
    title: 'R10: registered, and its own bytes say that a part is generated',
    tell: (h) => {
      h.say('synthetic');
      h.say('finding', found('source-type', { digitalSourceTypes: [COMPOSITE_WITH_GENERATED] }));
    },
    fails: { R7: 'E_MIXED', R8: 'E_EVIDENCE', R9: 'E_TAINT', R10: 'E_DUP_SYNTH' },
  },
  {
    title: 'R7: a way of making that the policy does not take',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, origins: ['HUMAN_CAPTURE'] } },
    fails: { R7: 'E_ORIGIN_UNKNOWN' },
  },
  {
    title: 'R10: a match with a registered work',
    tell: (h) => h.say('hold', { source: 'match' }),
    fails: { R10: 'H_NEAR_DUP' },
    verdict: 'hold',
  },
  {
    title: 'R10: one organisation alone cannot end a match',
    tell: (h) => {
      const match = h.say('hold', { source: 'match' });
      h.say('resolution', { of: [match] }, { by: STEWARD });
      h.say('resolution', { of: [match] }, { by: STEWARD });
    },
    fails: { R10: 'H_NEAR_DUP' },
    verdict: 'hold',
  },
  {
    title: 'R10: no fingerprints where the policy compares by content',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, duplicates: 'fingerprints' } },
    fails: { R10: 'E_DUP_UNCHECKED' },
  },
  {
    title: 'R11: a detector',
    tell: (h) => h.say('hold', { source: 'detector' }),
    fails: { R11: 'H_DETECTOR' },
    verdict: 'hold',
  },
  {
    title: 'R12: a policy that is not in force yet',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, from: '2026-12-01T00:00:00Z' } },
    fails: { R12: 'E_POLICY' },
  },
  {
    title: 'R12: a policy that is over',
    tell: () => undefined,
    asked: { policy: { ...CORROBORATED, until: '2026-11-30T00:00:00Z' } },
    fails: { R12: 'E_POLICY' },
  },
];

describe('a deposited, inspected drawing in custody', () => {
  it('is eligible under corroborated for every purpose, at H2, for good', () => {
    for (const purpose of ['ai_generative_training', 'ai_training', 'search_index'] as const) {
      expect(decided(drawing(), { purpose })).toMatchObject({
        verdict: 'eligible',
        level: 'H2',
        validUntil: null,
        headline: null,
      });
    }
  });

  it.each(ADDITIONS)('fails $title', ({ tell, fails, asked, verdict = 'ineligible' }) => {
    const history = drawing();
    tell(history);
    expect(failures(history, asked)).toEqual(fails);
    const decision = decided(history, asked);
    expect(decision.verdict).toBe(verdict);
    expect(decision.headline?.rule).toBe(Object.keys(fails).sort(byNumber)[0]);
  });

  it('needs each of its three statements', () => {
    const history = drawing();
    const [deposit, finding, custody] = history.statements.map(({ id }) => id);
    expect(failures(history, { facts: history.without(deposit ?? '') })).toMatchObject({
      R0: 'E_RECORD',
      R1: 'E_INTEGRITY',
      R4: 'E_NO_GRANT',
    });
    expect(failures(history, { facts: history.without(finding ?? '') })).toEqual({
      R0: 'E_UNKNOWN',
      R2: 'E_UNKNOWN',
      R3: 'E_UNKNOWN',
      R5: 'E_UNKNOWN',
      R6: 'E_UNKNOWN',
      R11: 'E_UNKNOWN',
    });
    expect(failures(history, { facts: history.without(custody ?? '') })).toEqual(NOTHING_SHOWN);
  });

  it('is not cleared by an inspector that could not read it', () => {
    const history = new History();
    history.say('deposit');
    history.say('custody');
    history.say('finding', {
      findings: INSPECTORS.map((inspector) => ({
        inspector,
        version: 1,
        outcome: inspector === 'traces' ? 'unreadable' : 'not-applicable',
        facts: {},
      })),
    });
    expect(failures(history)).toMatchObject({ R0: 'E_UNKNOWN', R6: 'E_UNKNOWN' });
    const policy = { ...CORROBORATED, inspectors: ['format', 'traces', 'fingerprints'] };
    expect(explanation(history, { policy })).toContain(
      'It could not be read by traces and has not been inspected by fingerprints yet;',
    );
  });

  it('is not cleared where one could read it and another, who did not know of that, could not', () => {
    const read = (outcome: 'none' | 'unreadable', version = 1) => ({
      findings: [{ inspector: 'traces', version, outcome, facts: {} }],
    });
    const history = drawing();
    const before = history.statements.map(({ id }) => id);
    history.say('finding', read('unreadable'), { by: PARTNER_B, after: before.slice(0, 1) });
    expect(failures(history)).toMatchObject({ R0: 'E_UNKNOWN', R2: 'E_UNKNOWN' });
    history.say('finding', read('none'));
    expect(failures(history)).toEqual({});
    history.say('finding', read('unreadable', 2), { by: PARTNER_B });
    history.say('finding', read('none'));
    expect(failures(history)).toEqual({});
    history.say('finding', read('unreadable', 2), { by: PARTNER_B, after: before });
    expect(failures(history)).toMatchObject({ R0: 'E_UNKNOWN' });
  });

  it('may be inspected again: a newer version takes back what its own organisation found', () => {
    const traces = (outcome: 'found' | 'none', version: number) => ({
      findings: [
        {
          inspector: 'traces',
          version,
          outcome,
          facts: outcome === 'found' ? { generator: 'comfyui', proves: 'generated' } : {},
        },
      ],
    });
    const history = drawing();
    const before = history.statements.map(({ id }) => id);
    history.say('finding', traces('found', 1));
    expect(failures(history)).toMatchObject({ R7: 'E_SYNTHETIC' });
    history.say('finding', traces('none', 1));
    history.say('finding', traces('none', 2), { by: PARTNER_B });
    history.say('finding', traces('none', 2), { after: before });
    expect(failures(history)).toMatchObject({ R7: 'E_SYNTHETIC' });
    history.say('finding', traces('none', 2));
    expect(failures(history)).toEqual({});
  });

  it('is not in custody of an institution that is not vetted, or that somebody else speaks for', () => {
    expect(failures(drawing(), { context: { institutions: [] } })).toEqual(NOTHING_SHOWN);
    const history = new History();
    history.say('deposit');
    history.say('finding');
    history.say('custody', { institution: ORG_A }, { by: ARCHIVIST_B });
    expect(failures(history)).toEqual(NOTHING_SHOWN);
  });
});

describe('what is ended', () => {
  it.each(['dispute', 'quarantine', 'hold', 'flag'] as const)('a resolution ends a %s', (kind) => {
    const history = drawing();
    const stop = history.say(kind);
    history.say('resolution', { of: [stop] }, { by: REVIEWER_B });
    expect(failures(history)).toEqual({});
  });

  it.each(['takedown', 'removal', 'erasure'] as const)('only a steward ends a %s', (kind) => {
    const history = drawing();
    const stop = history.say(kind, {}, { by: STEWARD });
    history.say('resolution', { of: [stop] }, { by: REVIEWER_B });
    expect(failures(history)).toHaveProperty('R2');
    history.say('resolution', { of: [stop] }, { by: STEWARD_B });
    expect(failures(history)).toEqual({});
  });

  it('of an upholding and an ending that did not see each other, the upholding wins', () => {
    const history = drawing();
    const dispute = history.say('dispute');
    history.say('resolution', { of: [dispute] }, { by: REVIEWER_B, after: [dispute] });
    const upheld = history.say(
      'resolution',
      { of: [dispute], outcome: 'upheld' },
      { by: REVIEWER_C, after: [dispute] },
    );
    expect(failures(history)).toEqual({ R3: 'H_DISPUTE' });
    history.say('resolution', { of: [dispute] }, { by: REVIEWER_B, after: [upheld] });
    expect(failures(history)).toEqual({});
  });

  it('two organisations end a registration and a match', () => {
    const history = drawing();
    const registration = history.say('synthetic', {}, { by: ARCHIVIST_B });
    const match = history.say('hold', { source: 'match' });
    const of = [registration, match].sort();
    history.say('resolution', { of, outcome: 'dismissed' }, { by: REVIEWER_B });
    expect(failures(history)).toEqual({ R10: 'H_NEAR_DUP' });
    history.say('resolution', { of, outcome: 'dismissed' }, { by: REVIEWER_C });
    expect(failures(history)).toEqual({});
  });

  it('a clearing lifts a flag only if it came later and both are about the asset itself', () => {
    const cleared = { flag: 'likeness', state: 'cleared' } as const;
    const concurrent = drawing();
    concurrent.say('flag', cleared, { after: [] });
    concurrent.say('flag', {}, { after: [] });
    expect(failures(concurrent)).toEqual({ R6: 'E_PERSONAL' });

    const later = drawing();
    later.say('flag');
    later.say('flag', cleared);
    expect(failures(later)).toEqual({});

    const bySet = drawing();
    bySet.say('flag', {}, { ofSet: true });
    bySet.say('flag', cleared);
    expect(failures(bySet)).toEqual({ R6: 'E_PERSONAL' });
  });

  it('what communities ask for denies every purpose, a flag about a person its own', () => {
    for (const [flag, outcome] of [
      ['community', { R6: 'E_PERSONAL' }],
      ['human-remains', { R6: 'E_PERSONAL' }],
      ['personal-data', {}],
    ] as const) {
      const history = drawing();
      history.say('flag', { flag, purposes: ['search_index'] });
      expect(failures(history), flag).toEqual(outcome);
      expect(failures(history, { purpose: 'search_index' })).toEqual({ R6: 'E_PERSONAL' });
    }
  });

  it('a later description takes the place of an erased record', () => {
    const history = drawing();
    const [deposit] = history.statements;
    history.say('erasure');
    expect(failures(history)).toEqual({ R2: 'E_ERASED' });
    history.say('description', { deposit: deposit?.id ?? '' });
    expect(failures(history)).toEqual({});
    history.say('erasure', { records: [documentCid('description record')] });
    expect(failures(history)).toEqual({ R2: 'E_ERASED' });
  });

  it('a description by another organisation does not take the place of an erased record', () => {
    const history = drawing();
    const [deposit] = history.statements;
    history.say('erasure');
    history.say('description', { deposit: deposit?.id ?? '' }, { by: ARCHIVIST_B });
    expect(failures(history)).toEqual({ R2: 'E_ERASED' });
  });

  it('a resolution ends the contradiction of a reviewer, unless by the depositor', () => {
    const history = drawing();
    const review = history.say('review', { outcome: 'contradicted' }, { by: REVIEWER_B });
    history.say('resolution', { of: [review] }, { by: STEWARD });
    expect(failures(history)).toMatchObject({ R8: 'E_EVIDENCE' });
    history.say('resolution', { of: [review] }, { by: REVIEWER_C });
    expect(failures(history)).toEqual({});
  });

  it('nobody judges a dispute that they are a party to', () => {
    const open = { R3: 'H_DISPUTE' };
    const history = drawing();
    const [, , custody] = history.statements;
    const against = [custody?.id ?? ''];
    const dispute = history.say('dispute', { against, by: 'member' }, { by: REVIEWER_B });
    const of = [dispute];
    // The accused, whoever raised it, and a colleague of theirs.
    history.say('resolution', { of, outcome: 'dismissed' }, { by: STEWARD });
    history.say('resolution', { of, outcome: 'dismissed' }, { by: REVIEWER_B });
    history.say('resolution', { of, outcome: 'lifted' }, { by: STEWARD_B });
    expect(failures(history)).toEqual(open);
    const taken = history.say('resolution', { of, outcome: 'lifted' }, { by: REVIEWER_B });
    expect(failures(history)).toEqual({});
    expect(failures(history, { facts: history.without(taken) })).toEqual(open);
    history.say('resolution', { of, outcome: 'dismissed' }, { by: REVIEWER_C });
    expect(failures(history, { facts: history.without(taken) })).toEqual({});
  });

  it('whoever recorded a dispute for a maker does not take it back', () => {
    const history = drawing();
    const dispute = history.say('dispute', { by: 'maker' }, { by: STEWARD });
    history.say('resolution', { of: [dispute], outcome: 'lifted' }, { by: STEWARD });
    expect(failures(history)).toEqual({ R3: 'H_DISPUTE' });
  });

  it('a depositor does not clear what another organisation flagged, and whoever flagged it does', () => {
    const history = drawing();
    const flag = { flag: 'community', label: 'TK-Sacred' } as const;
    history.say('flag', flag, { by: REVIEWER_B });
    history.say('flag', { ...flag, state: 'cleared' }, { by: ARCHIVIST });
    expect(failures(history)).toEqual({ R6: 'E_PERSONAL' });
    history.say('flag', { ...flag, state: 'cleared' }, { by: REVIEWER_B });
    expect(failures(history)).toEqual({});
  });
});

describe('the registry of generated works', () => {
  it('expels by the record of an accredited operator that every deposit came after', () => {
    const history = new History();
    const record = history.say('synthetic', { basis: 'operator' }, { by: OPERATOR });
    history.say('deposit');
    history.say('finding');
    history.say('custody');
    expect(failures(history)).toMatchObject({ R9: 'E_TAINT', R10: 'E_DUP_SYNTH' });
    history.say('dispute', { against: [record] });
    expect(failures(history)).toEqual({ R3: 'H_DISPUTE', R10: 'H_NEAR_DUP' });
  });

  it('only holds if somebody else claims to be the operator, or a deposit came before', () => {
    const claimed = new History();
    claimed.say('synthetic', { basis: 'operator' }, { by: ARCHIVIST_B });
    claimed.say('deposit');
    claimed.say('finding');
    claimed.say('custody');
    expect(failures(claimed)).toEqual({ R10: 'H_NEAR_DUP' });

    const twice = drawing();
    twice.say('synthetic', { basis: 'operator' }, { by: OPERATOR });
    twice.say('deposit');
    expect(failures(twice)).toEqual({ R10: 'H_NEAR_DUP' });
  });
});

describe('witnesses', () => {
  const policy = { ...CORROBORATED, witnesses: 1 };

  function witnessed(...lists: readonly (readonly string[])[]): History {
    const history = new History();
    const [deposit = [], finding = [], custody = []] = lists;
    history.say('deposit', {}, { witnesses: deposit });
    history.say('finding', {}, { witnesses: finding });
    history.say('custody', {}, { witnesses: custody });
    return history;
  }

  it('must have seen everything that the answer rests on', () => {
    expect(failures(witnessed([ORG_B], [ORG_B], [ORG_B, ORG_C]), { policy })).toEqual({});
    expect(failures(witnessed([ORG_B], [ORG_C], [ORG_B]), { policy })).toHaveProperty('R0');
    expect(failures(witnessed([ORG_B], [ORG_B], []), { policy })).toHaveProperty('R0');
  });

  it('are never of the depositing organisation', () => {
    const own = witnessed([ORG_A], [ORG_A], [ORG_A]);
    expect(failures(own, { policy })).toEqual({ R0: 'E_NOT_LOGGED' });
  });
});

describe('a question', () => {
  it('under a policy that is in force is answered until the policy ends', () => {
    const policy = {
      ...CORROBORATED,
      from: '2026-11-30T00:00:00Z',
      until: '2027-01-01T00:00:00Z',
    };
    expect(decided(drawing(), { policy })).toMatchObject({
      verdict: 'eligible',
      validUntil: '2027-01-01T00:00:00Z',
    });
  });

  it.each([
    ['a purpose', { purpose: 'ai_world_domination' }],
    ['a requester', { requester: 'everybody' }],
  ])('with %s that does not exist is never answered with yes', (_, overrides) => {
    // What a caller could pass in spite of the types.
    const asked = overrides as Partial<Question>;
    expect(failures(drawing(), asked)).toHaveProperty('R0', 'E_UNKNOWN');
  });

  it('with a time that is none is answered with E_INTERNAL by every rule', () => {
    const failing = failures(drawing(), { at: 'tomorrow' });
    expect(new Set(Object.values(failing))).toEqual(new Set(['E_INTERNAL']));
    expect(Object.keys(failing)).toHaveLength(13);
  });
});

function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}
