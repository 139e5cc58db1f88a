import { describe, expect, it } from 'vitest';
import { makerKeyRubric } from '../../../src/core/policy/maker-keys.ts';
import {
  ARCHIVIST,
  ARCHIVIST_B,
  BY_MAKER,
  drawing,
  History,
  PIPELINE,
  REVIEWER_B,
  SIGNER,
  STEWARD,
} from '../../support/history.ts';
import { documentCid, hex, MAKER, ORG_B, sha256 } from '../../support/statement-bodies.ts';
import { decided, failures } from '../../support/verdicts.ts';

const SECOND_MAKER = hex('second maker');
const ORGANISATION_B = `organisation:${ORG_B}`;

/** Deposited without a licence, so that only a consent can allow anything. */
function unlicensed(makers: readonly string[] = [MAKER]): History {
  const history = new History();
  history.say('deposit', { licence: null, makers: [...makers] });
  history.say('finding');
  history.say('custody');
  return history;
}

describe('a licence', () => {
  it('stated later by the depositing organisation takes the place of what the deposit said', () => {
    const history = unlicensed();
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
    history.say('licence', { licence: 'CC0-1.0' });
    expect(failures(history)).toEqual({});
  });

  it('stated by another organisation can narrow and never widen', () => {
    const history = new History();
    history.say('deposit', { licence: 'CC-BY-NC-4.0' });
    history.say('finding');
    history.say('custody');
    history.say('licence', { licence: 'CC0-1.0' }, { by: ARCHIVIST_B });
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });

    const narrowed = drawing();
    narrowed.say('licence', { licence: 'CC-BY-NC-4.0' }, { by: ARCHIVIST_B });
    expect(failures(narrowed)).toEqual({ R4: 'E_NO_GRANT' });
  });

  it('stated of a set narrows what a deposit says and fills what it leaves open', () => {
    const wide = drawing();
    wide.say('licence', { licence: 'CC-BY-NC-4.0' }, { ofSet: true });
    expect(failures(wide)).toEqual({ R4: 'E_NO_GRANT' });

    const open = unlicensed();
    open.say('licence', { licence: 'CC0-1.0' }, { ofSet: true });
    expect(failures(open)).toEqual({});
  });

  it('is replaced by name, and several that are not must all allow the use', () => {
    const history = unlicensed();
    const first = history.say('licence', { licence: 'CC-BY-NC-4.0' });
    history.say('licence', { licence: 'CC0-1.0' });
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
    history.say('licence', { licence: 'CC-BY-4.0', replaces: [first] });
    expect(failures(history)).toEqual({});
  });

  it('of one deposit says nothing of another', () => {
    const history = new History();
    const first = history.say('deposit', { licence: null });
    const second = history.say('deposit', { licence: null });
    history.say('finding');
    history.say('custody');
    history.say('licence', { deposit: first, licence: 'CC0-1.0' });
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
    history.say('licence', { deposit: second, licence: 'CC-BY-4.0' });
    expect(failures(history)).toEqual({});
  });

  it('cannot be replaced by another organisation', () => {
    const history = unlicensed();
    const first = history.say('licence', { licence: 'CC-BY-NC-4.0' });
    history.say('licence', { licence: 'CC0-1.0', replaces: [first] }, { by: ARCHIVIST_B });
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
  });
});

describe('a consent', () => {
  it('allows what no licence allows, for the purposes it names', () => {
    const history = unlicensed();
    history.say('consent', {}, BY_MAKER);
    expect(failures(history)).toEqual({});
    expect(failures(history, { purpose: 'ai_inference' })).toEqual({ R4: 'E_GRANT_SCOPE' });
  });

  it('is needed of every named maker', () => {
    const history = unlicensed([MAKER, SECOND_MAKER]);
    history.say('consent', {}, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
    history.say('consent', { makers: [SECOND_MAKER] }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('grants nothing where no maker is named', () => {
    const history = unlicensed([]);
    history.say('consent', {}, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
  });

  it('is needed of makers that a description adds, whoever describes', () => {
    const history = unlicensed();
    const [deposit = { id: '' }] = history.statements;
    history.say('consent', {}, BY_MAKER);
    history.say(
      'description',
      { deposit: deposit.id, makers: [SECOND_MAKER] },
      { by: ARCHIVIST_B },
    );
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
    history.say('consent', { makers: [SECOND_MAKER] }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('is needed of those whom the last description of the depositor names, and nobody else', () => {
    const history = unlicensed([SECOND_MAKER]);
    const [deposit = { id: '' }] = history.statements;
    history.say('description', { deposit: deposit.id, makers: [SECOND_MAKER, hex('third')] });
    history.say('description', { deposit: deposit.id, makers: [MAKER] });
    history.say('consent', {}, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('of a former maker does nothing after the depositor named another', () => {
    const history = unlicensed();
    const [deposit = { id: '' }] = history.statements;
    history.say('consent', {}, BY_MAKER);
    history.say('description', { deposit: deposit.id, makers: [SECOND_MAKER] });
    expect(failures(history)).toEqual({ R4: 'E_NO_GRANT' });
  });

  it.each([
    ['another requester', { requesters: [ORGANISATION_B] }],
    ['nobody', { requesters: [] }],
    ['one country', { territories: ['CH'] }],
    ['later', { from: '2026-12-01T00:00:00Z' }],
    ['earlier', { until: '2026-11-30T00:00:00Z' }],
  ])('for %s does not reach this use', (_, scope) => {
    const history = unlicensed();
    history.say('consent', scope, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_GRANT_SCOPE' });
  });

  it('for a class of requesters covers that class alone', () => {
    const history = unlicensed();
    history.say('consent', { requesters: [ORGANISATION_B] }, BY_MAKER);
    expect(failures(history, { requester: ORGANISATION_B })).toEqual({});
    expect(failures(history, { requester: 'members' })).toEqual({ R4: 'E_GRANT_SCOPE' });
  });

  it('tells when its answer changes by itself', () => {
    const history = unlicensed();
    history.say('consent', { until: '2026-12-24T00:00:00Z' }, BY_MAKER);
    expect(decided(history).validUntil).toBe('2026-12-24T00:00:00Z');
    expect(failures(history, { at: '2026-12-23T23:59:59Z' })).toEqual({});
    expect(failures(history, { at: '2026-12-24T00:00:00Z' })).toEqual({ R4: 'E_GRANT_SCOPE' });
  });

  it.each([
    ['signed by a key that nothing ties to the maker', { identity: 'key' as const }, BY_MAKER],
    ['of an agent without a mandate', { role: 'agent' as const }, BY_MAKER],
    ['that a pipeline records for a maker', {}, { by: PIPELINE }],
    ['under a grant that is not there', { under: `${drawing('x').statements[0]?.id}` }, BY_MAKER],
  ])('%s has no chain', (_, body, how) => {
    const history = unlicensed();
    history.say('consent', body, how);
    expect(failures(history)).toEqual({ R4: 'E_CHAIN' });
  });

  it('on paper counts if an archivist answers for it', () => {
    const history = unlicensed();
    history.say('consent', { identity: 'key', capture: 'paper' }, { by: ARCHIVIST });
    expect(failures(history)).toEqual({});
  });

  it('of an agent is no wider than its mandate and ends with it', () => {
    const history = unlicensed();
    const mandate = history.say('consent', { purposes: { ai_training: 'allow' } }, BY_MAKER);
    history.say('consent', { role: 'agent', under: mandate }, BY_MAKER);
    expect(failures(history, { purpose: 'ai_training' })).toEqual({});
    expect(failures(history)).toEqual({ R4: 'E_CHAIN' });
    history.say('withdrawal', { consents: [mandate] }, BY_MAKER);
    expect(failures(history, { purpose: 'ai_training' })).toEqual({ R4: 'E_WITHDRAWN' });
  });

  it('of an agent speaks for nobody but those who gave the mandate', () => {
    const history = unlicensed([MAKER, SECOND_MAKER]);
    history.say('consent', { makers: [SECOND_MAKER] }, BY_MAKER);
    const under = history.say('consent', { makers: [SECOND_MAKER] }, BY_MAKER);
    history.say('consent', { role: 'agent', under, makers: [MAKER] }, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_CHAIN' });
  });

  it('of an agent grants no condition that the mandate does not name', () => {
    const history = unlicensed();
    history.say('reservation', { values: { ai_generative_training: { condition: 'payment' } } });
    const conditions = ['payment'];
    const narrow = history.say('consent', {}, BY_MAKER);
    history.say('consent', { role: 'agent', under: narrow, conditions }, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_CONDITION' });
    const under = history.say('consent', { conditions }, BY_MAKER);
    history.say('consent', { role: 'agent', under, conditions }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('for which a steward is said to vouch counts if one ties that key to that maker', () => {
    const history = unlicensed();
    history.say('consent', { identity: 'steward' }, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_CHAIN' });
    history.say('review', {}, { by: STEWARD });
    history.say(
      'review',
      { rubric: makerKeyRubric(SIGNER, SECOND_MAKER, sha256) },
      { by: STEWARD },
    );
    history.say('review', { rubric: makerKeyRubric(hex('eve'), MAKER, sha256) }, { by: STEWARD });
    history.say('review', { rubric: makerKeyRubric(SIGNER, MAKER, sha256) }, { by: REVIEWER_B });
    expect(failures(history)).toEqual({ R4: 'E_CHAIN' });
    history.say('review', { rubric: makerKeyRubric(SIGNER, MAKER, sha256) }, { by: STEWARD });
    expect(failures(history)).toEqual({});
  });

  it.each([
    [STEWARD, { R4: 'E_CHAIN' }],
    [ARCHIVIST, { R4: 'E_CHAIN' }],
    [ARCHIVIST_B, {}],
  ])('is shown by nothing once its author or a steward has erased the envelope', (by, expected) => {
    const history = unlicensed();
    history.say('consent', {}, BY_MAKER);
    history.say('erasure', { records: [documentCid('envelope')] }, { by });
    expect(failures(history)).toEqual(expected);
  });

  it('goes on refusing after its envelope is erased', () => {
    const history = drawing();
    history.say('consent', { purposes: { ai_generative_training: 'deny' } }, BY_MAKER);
    history.say('erasure', { records: [documentCid('envelope')] }, { by: STEWARD });
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(consent)' });
  });

  it('that another one replaces grants nothing more', () => {
    const history = unlicensed();
    const wide = history.say('consent', {}, BY_MAKER);
    history.say('consent', { purposes: { search_index: 'allow' }, replaces: [wide] }, BY_MAKER);
    expect(failures(history)).toHaveProperty('R4');
    expect(failures(history, { purpose: 'search_index' })).toEqual({});
  });
});

describe('a withdrawal', () => {
  const salt = hex('salt').slice(0, 32);
  const code = 'ABCDEFGHIJKLMNOP';
  const hash = Buffer.from(
    sha256(Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(code)])),
  ).toString('hex');

  it('of everything ends what was consented before or without seeing it, not what came after', () => {
    const history = unlicensed();
    const consent = history.say('consent', {}, BY_MAKER);
    const withdrawal = history.say(
      'withdrawal',
      { makers: [MAKER] },
      { ...BY_MAKER, after: [consent] },
    );
    expect(failures(history)).toEqual({ R4: 'E_WITHDRAWN' });
    history.say('consent', {}, { ...BY_MAKER, after: [consent] });
    expect(failures(history)).toEqual({ R4: 'E_WITHDRAWN' });
    const again = { ...BY_MAKER, at: '2026-11-21T10:00:00Z', after: [withdrawal] };
    history.say('consent', {}, again);
    expect(failures(history)).toEqual({});
  });

  it.each([
    ['names', (consent: string) => ({ consents: [consent] })],
    ['means all of', () => ({ makers: [MAKER] })],
  ])('that %s a consent ends the same envelope carried again, too', (_, body) => {
    const history = unlicensed();
    const consent = history.say('consent', {}, BY_MAKER);
    history.say('withdrawal', body(consent), BY_MAKER);
    history.say('consent', {}, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_WITHDRAWN' });
  });

  it('by one of several makers ends the consent that they gave together', () => {
    const history = unlicensed([MAKER, SECOND_MAKER]);
    history.say('consent', { makers: [MAKER, SECOND_MAKER] }, BY_MAKER);
    history.say('withdrawal', { makers: [SECOND_MAKER] }, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_WITHDRAWN' });
  });

  it('by somebody else for other makers ends nothing', () => {
    const history = unlicensed();
    history.say('consent', {}, BY_MAKER);
    history.say('withdrawal', { makers: [SECOND_MAKER] }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('by code works on any node, and only with the code', () => {
    const history = unlicensed();
    history.say('consent', { withdrawalCode: { salt, hash } }, BY_MAKER);
    history.say('withdrawal', { code: 'WRONGWRONGWRONGW' }, { by: PIPELINE, isCarried: true });
    expect(failures(history)).toEqual({});
    history.say('withdrawal', { code }, { by: PIPELINE, isCarried: true });
    expect(failures(history)).toEqual({ R4: 'E_WITHDRAWN' });
  });

  it('beats a licence for the purposes that were consented to', () => {
    const history = drawing();
    const consent = history.say('consent', {}, BY_MAKER);
    history.say('withdrawal', { consents: [consent] }, BY_MAKER);
    expect(failures(history)).toEqual({ R4: 'E_WITHDRAWN' });
    expect(failures(history, { purpose: 'search_index' })).toEqual({});
  });
});

describe('a reservation', () => {
  it('of one purpose leaves the others', () => {
    const history = drawing();
    history.say('reservation');
    expect(failures(history, { purpose: 'search_index' })).toEqual({});
  });

  it('ends by a consent of every maker that names it', () => {
    const history = drawing();
    const reservation = history.say('reservation');
    history.say('consent', { makers: [SECOND_MAKER], replaces: [reservation] }, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(tdmrep)' });
    history.say('consent', { replaces: [reservation] }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('is not ended by consent where a deposit names nobody who could consent', () => {
    const history = drawing();
    history.say('deposit', { makers: [] });
    const reservation = history.say('reservation');
    history.say('consent', { replaces: [reservation] }, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(tdmrep)' });
  });

  it('on a condition is met by a consent that names the condition', () => {
    const history = drawing();
    history.say('reservation', { values: { ai_generative_training: { condition: 'payment' } } });
    history.say('consent', {}, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_CONDITION' });
    history.say('consent', { conditions: ['payment'] }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('by a consent is taken back by a consent of the same makers that replaces it, not by withdrawal', () => {
    const history = drawing();
    const refusal = history.say(
      'consent',
      { purposes: { ai_generative_training: 'deny' } },
      BY_MAKER,
    );
    history.say('withdrawal', { consents: [refusal] }, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(consent)' });
    history.say('consent', { makers: [SECOND_MAKER], replaces: [refusal] }, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(consent)' });
    history.say('consent', { replaces: [refusal] }, BY_MAKER);
    expect(failures(history)).toEqual({});
  });

  it('by two makers is not taken back by one of them', () => {
    const history = drawing();
    const refusal = history.say(
      'consent',
      { makers: [MAKER, SECOND_MAKER], purposes: { ai_generative_training: 'deny' } },
      BY_MAKER,
    );
    history.say('consent', { replaces: [refusal] }, BY_MAKER);
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(consent)' });
  });

  it('among several protocols is named by the first in order, whatever came first', () => {
    const history = drawing();
    history.say('reservation', { protocol: 'tdmrep' });
    history.say('reservation', { protocol: 'aipref' });
    expect(failures(history)).toEqual({ R5: 'E_RESERVED(aipref)' });
  });
});
