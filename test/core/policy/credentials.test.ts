import { describe, expect, it } from 'vitest';
import type { BodyOf } from '../../../src/core/statements/kinds.ts';
import { drawing, History, REVIEWER_B } from '../../support/history.ts';
import { documentCid, GENERATED } from '../../support/statement-bodies.ts';
import { decided, explanation, failures } from '../../support/verdicts.ts';

const LIST = documentCid('list of signers');
const OTHER_LIST = documentCid('list without that product');

type Facts = BodyOf<'finding'>['findings'][number]['facts'];

function found(history: History, facts: Facts, outcome: 'found' | 'unreadable' = 'found') {
  const finding = { inspector: 'credentials', version: 1, outcome, facts };
  return history.say('finding', { findings: [finding], record: null });
}

const CAPTURED = { credential: 'trusted', capture: { shown: true, lacks: [] }, trustList: LIST };

describe('a capture that a credential shows', () => {
  /** Deposited, inspected, and confirmed by reviewer B; no maker has said anything. */
  function captured(facts: Facts = CAPTURED): History {
    const history = new History();
    history.say('deposit');
    history.say('finding');
    found(history, facts);
    const evidence = history.say('evidence', { class: 'capture', existedBy: null });
    history.say('review', { evidence: [evidence] }, { by: REVIEWER_B });
    return history;
  }

  const levelOf = (history: History, list = LIST) =>
    decided(history, { context: { credentialList: list } }).level;

  it('counts as a strong class once somebody else has confirmed it', () => {
    expect(levelOf(captured())).toBe('H2');
  });

  it.each([
    ['is not trusted', { ...CAPTURED, credential: 'valid' }],
    ['lacks a condition', { ...CAPTURED, capture: { shown: false, lacks: ['trusted-time'] } }],
    ['was decided without a list', { ...CAPTURED, trustList: null }],
  ])('does not count if the credential %s', (_what, facts) => {
    expect(levelOf(captured(facts))).toBe('H0');
  });

  it('does not count on anybody’s word alone', () => {
    const history = new History();
    history.say('deposit');
    history.say('finding');
    const evidence = history.say('evidence', { class: 'capture', existedBy: null });
    history.say('review', { evidence: [evidence] }, { by: REVIEWER_B });
    expect(levelOf(history)).toBe('H0');
  });

  it('ends with the trust list that it was decided with, until it is looked at again', () => {
    const history = captured();
    expect(levelOf(history, OTHER_LIST)).toBe('H0');
    found(history, { ...CAPTURED, trustList: OTHER_LIST });
    expect(levelOf(history, OTHER_LIST)).toBe('H2');
  });

  it('ends with a newer finding that does not show it', () => {
    const history = captured();
    found(history, { ...CAPTURED, credential: 'tampered' });
    expect(levelOf(history)).toBe('H0');
  });
});

describe('what a credential says', () => {
  it.each(['valid', 'trusted', 'tampered'])(
    'speaks against its file when it is %s',
    (credential) => {
      const history = drawing();
      found(history, { credential, digitalSourceTypes: [GENERATED] });
      expect(failures(history)).toMatchObject({ R7: 'E_SYNTHETIC', R9: 'E_TAINT' });
      expect(explanation(history)).toContain('the file itself says that it was generated');
    },
  );

  it('never makes anything eligible', () => {
    const history = new History();
    history.say('deposit');
    history.say('finding');
    found(history, {
      ...CAPTURED,
      digitalSourceTypes: ['http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture'],
    });
    expect(failures(history)).toMatchObject({ R7: 'E_ORIGIN_UNKNOWN', R8: 'E_EVIDENCE' });
  });

  it.each([
    ['cawg.ai_generative_training', 'notAllowed', { R5: 'E_RESERVED(cawg)' }],
    ['c2pa.ai_generative_training', 'constrained', { R5: 'E_RESERVED(c2pa)' }],
    ['cawg.ai_generative_training', 'allowed', {}],
    ['cawg.ai_inference', 'notAllowed', {}],
    ['org.example.ai_generative_training', 'notAllowed', {}],
  ])('reserves: %s %s', (key, use, expected) => {
    const history = drawing();
    found(history, { credential: 'tampered', trainingMining: { [key]: use } });
    expect(failures(history)).toEqual(expected);
  });

  it('reserves as well where the credential itself cannot be judged', () => {
    const history = drawing();
    found(
      history,
      { trainingMining: { 'cawg.ai_generative_training': 'notAllowed' } },
      'unreadable',
    );
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(cawg)' });
  });
});
