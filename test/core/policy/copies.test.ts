import { describe, expect, it } from 'vitest';
import { ARCHIVIST, drawing, type History, PARTNER_B } from '../../support/history.ts';
import { ORG_A, ORG_B } from '../../support/statement-bodies.ts';
import { type Asked, decided, failures, shippedPolicy } from '../../support/verdicts.ts';

const policy = { ...shippedPolicy('corroborated'), copyAgeDays: 30 };
const twoCopies: Asked = { policy: { ...policy, copies: 2 } };
const oneCopy: Asked = { policy };
const ownHolding = { holder: ARCHIVIST.author, organisation: ORG_A };

describe('a copy', () => {
  it('comes with the deposit, and a second one with a challenge that somebody else passed', () => {
    const history = drawing();
    expect(failures(history, twoCopies)).toEqual({ R1: 'E_INTEGRITY' });
    history.say('holding');
    expect(failures(history, twoCopies)).toEqual({});
  });

  it('is not made by a node that challenges itself, nor by its fixity checks', () => {
    const history = drawing();
    history.say('holding', {}, { by: PARTNER_B });
    history.say('fixity', {}, { by: PARTNER_B });
    expect(failures(history, twoCopies)).toEqual({ R1: 'E_INTEGRITY' });
  });

  it('is one per node, however often it is deposited or proven', () => {
    const history = drawing();
    history.say('deposit');
    history.say('holding', ownHolding, { by: PARTNER_B });
    expect(failures(history, twoCopies)).toEqual({ R1: 'E_INTEGRITY' });
  });

  it('gets stale at the end of its days, and the verdict says when', () => {
    const history = drawing();
    expect(decided(history, oneCopy)).toMatchObject({
      verdict: 'eligible',
      validUntil: '2026-12-21T00:00:00Z',
    });
    expect(failures(history, { ...oneCopy, at: '2026-12-20T23:59:59Z' })).toEqual({});
    expect(failures(history, { ...oneCopy, at: '2026-12-21T00:00:00Z' })).toEqual({
      R1: 'E_FIXITY_STALE',
    });
  });

  it('is not young because its proof is dated in the future', () => {
    const history = drawing();
    history.say('fixity', {}, { at: '2031-01-01T00:00:00Z' });
    expect(failures(history, oneCopy)).toEqual({ R1: 'E_FIXITY_STALE' });
    expect(decided(history, oneCopy).validUntil).toBe('2031-01-01T00:00:00Z');
  });

  it("is renewed by its node's own fixity check", () => {
    const history = drawing();
    history.say('fixity', {}, { at: '2026-12-19T00:00:00Z', ofSet: true });
    expect(failures(history, { ...oneCopy, at: '2027-01-18T00:00:00Z' })).toEqual({});
    expect(decided(history, oneCopy).validUntil).toBe('2026-12-19T00:00:00Z');
  });

  it('is lost by a corrupt or missing finding of its own node, until it is repaired', () => {
    const history = drawing();
    history.say('fixity', { outcome: 'missing' });
    expect(failures(history, oneCopy)).toEqual({ R1: 'E_INTEGRITY' });
    history.say('fixity', { outcome: 'repaired' });
    expect(failures(history, oneCopy)).toEqual({});
  });

  it('is lost by a failed challenge, until it passes one; its own word does not help', () => {
    const history = drawing();
    const failed = history.say('holding', { ...ownHolding, outcome: 'failed' }, { by: PARTNER_B });
    history.say('fixity', { outcome: 'intact' });
    expect(failures(history, oneCopy)).toEqual({ R1: 'E_INTEGRITY' });
    history.say('holding', ownHolding, { by: PARTNER_B, after: [failed] });
    expect(failures(history, oneCopy)).toEqual({});
  });

  it('that failed and passed in entries that did not see each other is lost', () => {
    const history = drawing();
    const deposit = history.statements[0]?.id ?? '';
    history.say(
      'holding',
      { ...ownHolding, outcome: 'failed' },
      { by: PARTNER_B, after: [deposit] },
    );
    history.say('holding', ownHolding, { by: PARTNER_B, after: [deposit] });
    expect(failures(history, oneCopy)).toEqual({ R1: 'E_INTEGRITY' });
  });

  it('is lost by a challenge without an answer, until it answers one', () => {
    const history = drawing();
    history.say('holding', { ...ownHolding, outcome: 'no-answer' }, { by: PARTNER_B });
    expect(failures(history, oneCopy)).toEqual({ R1: 'E_INTEGRITY' });
    history.say('holding', ownHolding, { by: PARTNER_B });
    expect(failures(history, oneCopy)).toEqual({});
  });
});

describe('generative training asks for a second copy and a foreign witness', () => {
  const strict: Asked = { policy: shippedPolicy('generative-training') };
  const intact = (history: History, witnesses: readonly string[]) => {
    const { R0, R1 } = failures(history, {
      ...strict,
      facts: history.facts(history.statements.map((said) => ({ ...said, witnesses }))),
    });
    return { R0, R1 };
  };
  const replicated = () => {
    const history = drawing();
    history.say('holding');
    return history;
  };

  it('which replication supplies', () => {
    expect(intact(replicated(), [ORG_B])).toEqual({ R0: undefined, R1: undefined });
  });

  it('and neither is missed in vain', () => {
    expect(intact(replicated(), [])).toEqual({ R0: 'E_NOT_LOGGED', R1: undefined });
    // The depositor's own organisation is no witness.
    expect(intact(replicated(), [ORG_A])).toEqual({ R0: 'E_NOT_LOGGED', R1: undefined });
    expect(intact(drawing(), [ORG_B])).toEqual({ R0: undefined, R1: 'E_INTEGRITY' });
  });

  it.each(['failed', 'no-answer'] as const)(
    'and a partner that %s takes its copy away',
    (outcome) => {
      const history = replicated();
      history.say('holding', { outcome });
      expect(intact(history, [ORG_B])).toEqual({ R0: undefined, R1: 'E_INTEGRITY' });
    },
  );
});
