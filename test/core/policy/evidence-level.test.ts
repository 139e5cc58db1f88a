import { describe, expect, it } from 'vitest';
import type { AttestedItem } from '../../../src/core/policy/abstraction/fact-context.ts';
import { makerKeyRubric } from '../../../src/core/policy/maker-keys.ts';
import {
  ARCHIVIST,
  ARCHIVIST_B,
  BY_MAKER,
  History,
  PIPELINE,
  REVIEWER_B,
  REVIEWER_C,
  SIGNER,
  STEWARD,
  STEWARD_B,
} from '../../support/history.ts';
import {
  DIGITAL_CREATION,
  documentCid,
  GENERATED,
  hex,
  MAKER,
  ORG_A,
  ORG_B,
  sha256,
} from '../../support/statement-bodies.ts';
import { decided, explanation, failures, shippedPolicy } from '../../support/verdicts.ts';

function deposited(): History {
  const history = new History();
  history.say('deposit');
  history.say('finding');
  return history;
}

function levelOf(history: History, asked: Parameters<typeof decided>[1] = {}): string {
  return decided(history, asked).level;
}

/** A process kit by archivist A that reviewer B confirms. */
function withProcess(history: History): History {
  const evidence = history.say('evidence');
  history.say('review', { evidence: [evidence] }, { by: REVIEWER_B });
  return history;
}

describe('the ladder of evidence', () => {
  it('starts at H0, where nothing is said against anybody', () => {
    expect(levelOf(deposited())).toBe('H0');
    expect(explanation(deposited())).toContain(
      'no evidence has been given yet; this says nothing against its maker.',
    );
  });

  it('H1: a declaration by the maker', () => {
    const history = deposited();
    history.say('declaration', {}, BY_MAKER);
    expect(levelOf(history)).toBe('H1');
  });

  it.each([
    ['by the depositor', {}, { by: ARCHIVIST }],
    ['without an identity method', { identity: null }, BY_MAKER],
    ['without tools', { tools: [] }, BY_MAKER],
    ['without a source type', { digitalSourceType: null }, BY_MAKER],
    ['silent about generative tools', { generative: 'unstated' as const }, BY_MAKER],
    ['by somebody whom no deposit names', { makers: [hex('stranger')] }, BY_MAKER],
    ['for nobody', { makers: [] }, BY_MAKER],
    [
      'vouched for by nobody',
      { identity: { method: 'steward' as const, vouchedBy: null } },
      BY_MAKER,
    ],
  ])('H0: a declaration %s is only claimed', (_, body, how) => {
    const history = deposited();
    history.say('declaration', body, how);
    expect(levelOf(history)).toBe('H0');
    expect(failures(history)).toMatchObject({ R7: 'E_ORIGIN_UNKNOWN', R8: 'E_EVIDENCE' });
  });

  it.each([
    [STEWARD, 'H1'],
    [REVIEWER_B, 'H0'],
  ] as const)('a steward vouches for a maker, nobody else does', (by, level) => {
    const history = deposited();
    const rubric = makerKeyRubric(SIGNER, MAKER, sha256);
    const vouchedBy = history.say('review', { rubric }, { by });
    history.say('declaration', { identity: { method: 'steward', vouchedBy } }, BY_MAKER);
    expect(levelOf(history)).toBe(level);
  });

  it('a voucher confirms no work', () => {
    const known = withProcess(deposited());
    const rubric = makerKeyRubric(SIGNER, MAKER, sha256);
    const vouchedBy = known.say('review', { rubric }, { by: STEWARD_B });
    known.say('declaration', { identity: { method: 'steward', vouchedBy } }, BY_MAKER);
    expect(levelOf(known)).toBe('H3');
    known.say('review', {}, { by: STEWARD_B });
    expect(levelOf(known)).toBe('H4');
  });

  it.each([
    ['a key', makerKeyRubric(hex('eve'), MAKER, sha256)],
    ['a maker', makerKeyRubric(SIGNER, hex('second maker'), sha256)],
    ['a work', 'drawing-1'],
  ])('a steward who vouches for another than %s is no such voucher', (_, rubric) => {
    const history = deposited();
    const vouchedBy = history.say('review', { rubric }, { by: STEWARD });
    history.say('declaration', { identity: { method: 'steward', vouchedBy } }, BY_MAKER);
    expect(levelOf(history)).toBe('H0');
  });

  it('a contradicted voucher, or an erased envelope, takes the level away', () => {
    const rubric = makerKeyRubric(SIGNER, MAKER, sha256);
    const declared = () => {
      const history = deposited();
      const vouchedBy = history.say('review', { rubric }, { by: STEWARD_B });
      history.say('declaration', { identity: { method: 'steward', vouchedBy } }, BY_MAKER);
      expect(levelOf(history)).toBe('H1');
      return { history, vouchedBy };
    };
    const contradicted = declared();
    const against = { outcome: 'contradicted' as const, evidence: [contradicted.vouchedBy] };
    contradicted.history.say('review', against, { by: REVIEWER_B });
    expect(levelOf(contradicted.history)).toBe('H0');
    const { history } = declared();
    history.say('erasure', { records: [documentCid('envelope')] }, { by: STEWARD });
    expect(levelOf(history)).toBe('H0');
  });

  it('a contradicted declaration gives nothing when it is carried again', () => {
    const history = deposited();
    const declaration = history.say('declaration', {}, BY_MAKER);
    history.say('review', { outcome: 'contradicted', evidence: [declaration] }, { by: REVIEWER_B });
    history.say('declaration', {}, BY_MAKER);
    expect(levelOf(history)).toBe('H0');
  });

  it('H2: a declaration and a certificate that a member checked', () => {
    const history = deposited();
    history.say('declaration', {}, BY_MAKER);
    history.say('certification', {}, BY_MAKER);
    history.say('certification', {}, { by: PIPELINE });
    expect(levelOf(history)).toBe('H1');
    history.say('certification');
    expect(levelOf(history)).toBe('H2');
    expect(failures(history)).toEqual({});
    history.say('certification', { outcome: 'revoked' }, { by: ARCHIVIST_B });
    expect(levelOf(history)).toBe('H1');
  });

  describe('H2: a declaration and metadata inside the bytes', () => {
    const CAPTURE = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';
    const SCAN = 'http://cv.iptc.org/newscodes/digitalsourcetype/print';
    const device = { make: 'canon', model: 'eos-40d', lens: null };
    const program = ['krita'];
    const day = { captured: null, created: '2026-01-01', modified: null };

    function withMetadata(
      facts: object,
      digitalSourceType = DIGITAL_CREATION,
      inspector = 'metadata',
    ): History {
      const history = deposited();
      history.say('declaration', { digitalSourceType }, BY_MAKER);
      const seen = { device: null, software: [], contradictions: [], ...day, ...facts };
      const metadata = { inspector, version: 1, outcome: 'found' as const };
      history.say('finding', { findings: [{ ...metadata, facts: seen }] });
      return history;
    }

    it.each([
      ['a program and a day, of a drawing', { software: program }, DIGITAL_CREATION, 'H2'],
      ['a device and a day, of a photograph', { device }, CAPTURE, 'H2'],
      ['a device and a day, of a scan', { device }, SCAN, 'H2'],
      ['no device, of a photograph', { software: program }, CAPTURE, 'H1'],
      ['no program, of a drawing', { device }, DIGITAL_CREATION, 'H1'],
      ['no day', { software: program, created: null }, DIGITAL_CREATION, 'H1'],
      ['a day that is none', { software: program, created: 'soon' }, DIGITAL_CREATION, 'H1'],
      ['a day after the deposit', { software: program, modified: '2036-01-01' }, undefined, 'H1'],
      [
        'a contradiction',
        { software: program, contradictions: ['gps-time-disagrees'] },
        undefined,
        'H1',
      ],
      ['facts of a form unknown', { software: program, contradictions: null }, undefined, 'H1'],
    ])('%s', (_, facts, type, level) => {
      expect(levelOf(withMetadata(facts, type))).toBe(level);
    });

    it('counts the same where ExifTool saw it', () => {
      const history = withMetadata({ software: program }, undefined, 'deep-metadata');
      expect(levelOf(history)).toBe('H2');
    });

    it('lifts nothing without a declaration, and nothing once another finding contradicts', () => {
      const history = withMetadata({ software: program });
      const declaration = history.statements.find(
        ({ statement }) => statement.kind === 'declaration',
      );
      const facts = history.without(declaration?.id ?? '');
      expect(decided(history, { facts }).level).toBe('H0');
      const metadata = { inspector: 'metadata', version: 2, outcome: 'found' as const };
      history.say('finding', {
        findings: [{ ...metadata, facts: { contradictions: ['modified-before-created'] } }],
      });
      expect(levelOf(history)).toBe('H1');
    });
  });

  it('H2: custody, and it is said where only its own steward vetted the institution', () => {
    const history = deposited();
    history.say('custody', { maker: 'dead' });
    expect(levelOf(history)).toBe('H2');
    expect(explanation(history)).not.toContain('only its own steward');
    const institutions = [{ id: ORG_A, name: 'A', selfVetted: true }];
    expect(explanation(history, { context: { institutions } })).toContain('only its own steward');
  });

  it('says nothing of vetting if another institution, or the maker, answers for the work too', () => {
    const institutions = [
      { id: ORG_A, name: 'A', selfVetted: true },
      { id: ORG_B, name: 'B', selfVetted: false },
    ];
    const asked = { context: { institutions } };
    const alone = withProcess(deposited());
    alone.say('custody', { maker: 'dead' });
    expect(explanation(alone, asked)).toContain('H3 (evidenced), by an institution that only');
    const declared = withProcess(deposited());
    declared.say('custody', { maker: 'dead' });
    declared.say('declaration', {}, BY_MAKER);
    expect(explanation(declared, asked)).not.toContain('only its own steward');
    const shared = deposited();
    shared.say('custody');
    expect(explanation(shared, asked)).toContain('only its own steward');
    shared.say('custody', { institution: ORG_B }, { by: ARCHIVIST_B });
    expect(explanation(shared, asked)).not.toContain('only its own steward');
  });

  it('H2: one strong class without a declaration, although its origin stays open', () => {
    const history = withProcess(deposited());
    expect(levelOf(history)).toBe('H2');
    expect(failures(history)).toEqual({ R7: 'E_ORIGIN_UNKNOWN' });
  });

  it('H3: a declaration and one strong class', () => {
    const history = withProcess(deposited());
    history.say('declaration', {}, BY_MAKER);
    expect(levelOf(history)).toBe('H3');
  });

  it.each([
    ['dead', 'H3'],
    ['unknown', 'H3'],
    ['living', 'H2'],
  ] as const)('custody of the work of a %s maker and one strong class: %s', (maker, level) => {
    const history = withProcess(deposited());
    history.say('custody', { maker });
    expect(levelOf(history)).toBe(level);
  });

  it('somebody who says that the maker lives is believed over who says dead', () => {
    const history = withProcess(deposited());
    history.say('custody', { maker: 'dead' });
    history.say('custody', { maker: 'living' }, { by: ARCHIVIST_B });
    expect(levelOf(history)).toBe('H2');
  });

  it('H4: a second reviewer of another organisation; who confirms the kit is not counted twice', () => {
    const history = withProcess(deposited());
    history.say('declaration', {}, BY_MAKER);
    history.say('review', {}, { by: REVIEWER_B });
    expect(levelOf(history)).toBe('H3');
    history.say('review', {}, { by: REVIEWER_C });
    expect(levelOf(history)).toBe('H4');
  });

  it('H4: two strong classes, which the depositor’s own organisation cannot confirm', () => {
    const history = deposited();
    history.say('declaration', {}, BY_MAKER);
    const evidence = [
      history.say('evidence'),
      history.say('evidence', { class: 'age', existedBy: '2019-05-01' }),
    ].sort();
    history.say('review', { evidence }, { by: STEWARD });
    expect(levelOf(history)).toBe('H1');
    history.say('review', { evidence }, { by: REVIEWER_B });
    expect(levelOf(history)).toBe('H4');
  });

  it('H5: two reviewing organisations, witnessed for 30 days, and no open dispute', () => {
    const history = withProcess(deposited());
    history.say('declaration', {}, BY_MAKER);
    history.say('review', {}, { by: REVIEWER_C });
    const since = (day: string) => witnessed(history, day);
    expect(levelOf(history)).toBe('H4');
    expect(levelOf(history, since('2026-10-31T00:00:00Z'))).toBe('H5');
    expect(levelOf(history, since('2026-11-01T00:00:00Z'))).toBe('H4');
    expect(decided(history, since('2026-11-01T00:00:00Z')).validUntil).toBe('2026-12-01T00:00:00Z');
    history.say('hold');
    const dispute = history.say('dispute');
    expect(levelOf(history, since('2026-10-31T00:00:00Z'))).toBe('H4');
    history.say('resolution', { of: [dispute] }, { by: REVIEWER_B });
    expect(levelOf(history, since('2026-10-31T00:00:00Z'))).toBe('H5');
  });

  it('H4, not H5: two reviewers of one organisation', () => {
    const history = withProcess(deposited());
    history.say('declaration', {}, BY_MAKER);
    history.say('review', {}, { by: STEWARD_B });
    expect(levelOf(history, witnessed(history, '2026-01-01'))).toBe('H4');
  });
});

describe('a proof', () => {
  it('confirmed by somebody who made one of the deposits does not count', () => {
    const history = deposited();
    history.say('deposit', {}, { by: STEWARD_B });
    const evidence = history.say('evidence');
    history.say('review', { evidence: [evidence] }, { by: STEWARD_B });
    expect(levelOf(history)).toBe('H0');
  });

  it('of age says nothing about what nobody deposited', () => {
    const history = new History();
    const evidence = history.say('evidence', { class: 'age', existedBy: '1990-01-01' });
    history.say('review', { evidence: [evidence] }, { by: REVIEWER_B });
    expect(levelOf(history)).toBe('H0');
  });

  it.each([
    ['not confirmed by anybody', () => undefined],
    [
      'confirmed by who states it',
      (h: History, evidence: string) => h.say('review', { evidence: [evidence] }),
    ],
    [
      'confirmed by somebody with a stake',
      (h: History, evidence: string) =>
        h.say('review', { evidence: [evidence], conflict: 'declared' }, { by: REVIEWER_B }),
    ],
    [
      'about which a reviewer cannot tell',
      (h: History, evidence: string) =>
        h.say('review', { evidence: [evidence], outcome: 'cannot-tell' }, { by: REVIEWER_B }),
    ],
    [
      'confirmed for a whole set at once',
      (h: History, evidence: string) =>
        h.say('review', { evidence: [evidence] }, { by: REVIEWER_B, ofSet: true }),
    ],
    [
      'confirmed and contradicted',
      (h: History, evidence: string) => {
        h.say('review', { evidence: [evidence] }, { by: REVIEWER_B });
        h.say('review', { evidence: [evidence], outcome: 'contradicted' }, { by: REVIEWER_C });
      },
    ],
  ])('%s does not count', (_, judge) => {
    const history = deposited();
    judge(history, history.say('evidence', {}, { by: STEWARD }));
    expect(levelOf(history)).toBe('H0');
  });

  it('that is not shown or has expired does not count', () => {
    const thin = deposited();
    const kit = thin.say('evidence', { outcome: 'not-shown' });
    thin.say('review', { evidence: [kit] }, { by: REVIEWER_B });
    expect(levelOf(thin)).toBe('H0');

    const expiring = deposited();
    const sketches = expiring.say('evidence', { expires: '2026-12-05T00:00:00Z' });
    expiring.say('review', { evidence: [sketches] }, { by: REVIEWER_B });
    expect(decided(expiring)).toMatchObject({ level: 'H2', validUntil: '2026-12-05T00:00:00Z' });
    expect(levelOf(expiring, { at: '2026-12-05T00:00:00Z' })).toBe('H0');
  });

  it.each([
    ['image/png', '2020-12-31', 'H2'],
    ['image/png', '2021-01-01', 'H0'],
    ['text/plain', '2018-12-31', 'H2'],
    ['text/plain', '2019-01-01', 'H0'],
    ['font/woff2', '1990-01-01', 'H0'],
    ['constructor/x', '1990-01-01', 'H0'],
  ])('of age for %s from %s gives %s', (mediaType, existedBy, level) => {
    const history = new History();
    history.say('deposit', { mediaType });
    history.say('finding');
    const evidence = history.say('evidence', { class: 'age', existedBy });
    history.say('review', { evidence: [evidence] }, { by: REVIEWER_B });
    expect(levelOf(history)).toBe(level);
  });
});

describe('age alone', () => {
  function aged(): History {
    const history = deposited();
    history.say('declaration', {}, BY_MAKER);
    const age = history.say('evidence', { class: 'age', existedBy: '2001-01-01' });
    history.say('review', { evidence: [age] }, { by: REVIEWER_B });
    return history;
  }

  it('does not do for a face or a voice, whoever cleared it for use; a second class does', () => {
    const history = aged();
    expect(levelOf(history)).toBe('H3');
    history.say('flag', { flag: 'likeness' });
    history.say('flag', { flag: 'likeness', state: 'cleared' });
    expect(levelOf(history)).toBe('H1');
    expect(levelOf(withProcess(history))).toBe('H4');

    const notSo = aged();
    notSo.say('resolution', { of: [notSo.say('flag', { flag: 'likeness' })] }, { by: REVIEWER_B });
    expect(levelOf(notSo)).toBe('H3');
  });

  it('of a face does with a second reviewer', () => {
    const history = aged();
    history.say('flag', { flag: 'likeness' });
    history.say('review', {}, { by: REVIEWER_C });
    expect(levelOf(history)).toBe('H4');
  });
});

describe('a set attestation', () => {
  const NO_SAMPLE = { outcome: 'none', size: 0, isWhole: false, reviews: [], defects: [] } as const;
  const CLEAN = {
    ...NO_SAMPLE,
    outcome: 'clean',
    size: 300,
    reviews: [{ id: 'a review of another item/0', witnesses: [] }],
  } as const;

  const item: AttestedItem = {
    digitalSourceType: DIGITAL_CREATION,
    maker: 'dead',
    itemDate: '1901-01-01',
    sample: NO_SAMPLE,
  };

  function attested(overrides: Partial<AttestedItem>, policy = 'corroborated') {
    const history = deposited();
    history.say('attestation', {}, { ofSet: true });
    return decided(history, {
      policy: shippedPolicy(policy),
      context: { attested: () => ({ ...item, ...overrides }) },
    });
  }

  it('counts as custody, and after a clean sample as age', () => {
    expect(attested({})).toMatchObject({ level: 'H2', verdict: 'eligible' });
    expect(attested({ sample: CLEAN })).toMatchObject({ level: 'H3', verdict: 'eligible' });
    expect(attested({ sample: CLEAN, maker: 'living' }).level).toBe('H2');
    expect(attested({ sample: CLEAN, itemDate: '2024-01-01' }).level).toBe('H2');
  });

  it('gives nothing after a defect, nothing that is generated, and nothing if it cannot be read', () => {
    expect(attested({ sample: { ...NO_SAMPLE, outcome: 'defect' } })).toMatchObject({
      level: 'H0',
      verdict: 'ineligible',
    });
    expect(attested({ digitalSourceType: GENERATED }).verdict).toBe('ineligible');
    const history = deposited();
    history.say('attestation', {}, { ofSet: true });
    expect(levelOf(history)).toBe('H0');
  });

  it('by an institution that is not vetted gives nothing', () => {
    const history = deposited();
    history.say('attestation', {}, { ofSet: true });
    const context = { institutions: [], attested: () => item };
    expect(failures(history, { context })).toMatchObject({ R7: 'E_ORIGIN_UNKNOWN' });
    expect(levelOf(history, { context })).toBe('H0');
  });

  it('is said to be by sample, unless something else shows the same level', () => {
    const history = deposited();
    history.say('attestation', {}, { ofSet: true });
    const context = { attested: () => ({ ...item, sample: CLEAN }) };
    expect(explanation(history, { context })).toContain(
      'Shown: level H3 (evidenced), by sample, n = 300, ≤ 1 % at 95 %;',
    );
    expect(explanation(withProcess(history), { context })).not.toContain('by sample');
  });

  it('holds the whole set when a defect turns up later, until two organisations have looked', () => {
    const defect = { id: 'a defect elsewhere/0', witnesses: [] };
    const history = deposited();
    history.say('attestation', {}, { ofSet: true });
    const context = { attested: () => ({ ...item, sample: { ...CLEAN, defects: [defect] } }) };
    expect(decided(history, { context })).toMatchObject({ verdict: 'hold', level: 'H3' });
    expect(failures(history, { context })).toEqual({ R3: 'H_HOLD' });
  });

  it('is not enough for gold by sample', () => {
    expect(attested({ sample: CLEAN }, 'gold').level).toBe('H2');
  });
});

/** The history, every statement of which another organisation has witnessed since that day. */
function witnessed(history: History, day: string) {
  return {
    facts: history.facts(history.statements.map((one) => ({ ...one, witnessedSince: day }))),
  };
}
