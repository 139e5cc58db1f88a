import fc from 'fast-check';
import type { FactContext } from '../../src/core/policy/abstraction/fact-context.ts';
import { PURPOSES } from '../../src/core/policy/purposes.ts';
import type { StatementId } from '../../src/core/statements/fields.ts';
import {
  ARCHIVIST,
  ARCHIVIST_B,
  BY_MAKER,
  History,
  OPERATOR,
  PARTNER_B,
  PIPELINE,
  REVIEWER_B,
  REVIEWER_C,
  type Saying,
  STEWARD,
  STEWARD_B,
} from './history.ts';
import {
  assetCid,
  COMPOSITE_WITH_GENERATED,
  DIGITAL_CREATION,
  GENERATED,
  hex,
  INSPECTORS,
  MAKER,
  ORG_A,
  ORG_B,
  ORG_C,
  SCREEN_CAPTURE,
} from './statement-bodies.ts';

/** One statement of a random history; `pick` chooses among what was said before. */
export interface Step {
  readonly name: string;
  readonly tell: (history: History, how: Saying, pick: Pick) => void;
}

export interface Told {
  readonly step: Step;
  readonly voice: Saying;
  /** Chooses earlier statements: those it refers to, and those it was made in view of. */
  readonly choices: readonly number[];
  readonly isConcurrent: boolean;
  readonly ofSet: boolean;
  readonly isWitnessed: boolean;
}

/** Up to two statements of a kind, in the order in which they were made. */
type Pick = (kind: string) => StatementId[];

const VOICES: readonly Saying[] = [
  { by: ARCHIVIST },
  { by: ARCHIVIST_B },
  { by: STEWARD },
  { by: STEWARD_B },
  { by: REVIEWER_B },
  { by: REVIEWER_C },
  { by: PARTNER_B },
  { by: PIPELINE },
  { by: OPERATOR },
  BY_MAKER,
];

const step = (name: string, tell: Step['tell']): Step => ({ name, tell });

const readBy = (...outcomes: ('found' | 'none' | 'unreadable')[]) =>
  outcomes.flatMap((outcome) =>
    INSPECTORS.map((inspector) => ({
      inspector,
      version: 1,
      outcome: outcome === 'found' && inspector !== 'traces' ? ('none' as const) : outcome,
      facts:
        outcome === 'found' && inspector === 'traces'
          ? { generator: 'comfyui', proves: 'generated' }
          : {},
    })),
  );

/** A clean sample of 300 stands behind every attestation. */
export const CONTEXT: Partial<FactContext> = {
  attested: () => ({
    digitalSourceType: DIGITAL_CREATION,
    maker: 'dead',
    itemDate: '1901-01-01',
    sample: { outcome: 'clean', size: 300, isWhole: false, reviews: [], defects: [] },
  }),
};

const comparedBy = (version = 1) => [
  { inspector: 'fingerprints', version, outcome: 'none' as const, facts: {} },
];

/** What may speak for an asset, and what is neutral. */
export const SUPPORT: readonly Step[] = [
  step('deposit', (h, how) => h.say('deposit', {}, how)),
  step('deposit without licence', (h, how) => h.say('deposit', { licence: null }, how)),
  step('deposit by two', (h, how) => h.say('deposit', { makers: [MAKER, hex('second')] }, how)),
  step('finding', (h, how) => h.say('finding', {}, how)),
  step('comparison', (h, how) => h.say('finding', { findings: comparedBy() }, how)),
  step('inspection again', (h, how) =>
    h.say('finding', { findings: readBy('none').map((one) => ({ ...one, version: 2 })) }, how),
  ),
  step('attestation', (h, how) => h.say('attestation', {}, { ...how, ofSet: true })),
  step('identity', (h, how) => h.say('review', { rubric: 'identity' }, how)),
  step('declaration with a steward', (h, how, pick) =>
    h.say(
      'declaration',
      { identity: { method: 'steward', vouchedBy: pick('review')[0] ?? null } },
      how,
    ),
  ),
  step('custody', (h, how) => h.say('custody', {}, how)),
  step('custody of the dead', (h, how) => h.say('custody', { maker: 'dead' }, how)),
  step('custody elsewhere', (h, how) => h.say('custody', { institution: ORG_B }, how)),
  step('declaration', (h, how) => h.say('declaration', {}, how)),
  step('certification', (h, how) => h.say('certification', {}, how)),
  step('process', (h, how) => h.say('evidence', {}, how)),
  step('age', (h, how) => h.say('evidence', { class: 'age', existedBy: '2001-01-01' }, how)),
  step('review', (h, how, pick) => h.say('review', { evidence: pick('evidence').sort() }, how)),
  step('licence', (h, how, pick) =>
    h.say('licence', { licence: 'CC0-1.0', replaces: pick('licence').sort() }, how),
  ),
  step('consent', (h, how, pick) => h.say('consent', { replaces: pick('consent').sort() }, how)),
  step('consent to all', (h, how) =>
    h.say(
      'consent',
      { makers: [MAKER, hex('second')], purposes: everything('allow'), conditions: ['payment'] },
      how,
    ),
  ),
  step('consent until', (h, how) => h.say('consent', { until: '2026-12-10T00:00:00Z' }, how)),
  step('consent under', (h, how, pick) =>
    h.say('consent', { under: pick('consent')[0] ?? null }, how),
  ),
  step('consent in place of a reservation', (h, how, pick) =>
    h.say('consent', { replaces: pick('reservation').sort() }, how),
  ),
  step('holding', (h, how) => h.say('holding', {}, how)),
  step('fixity', (h, how) => h.say('fixity', {}, { ...how, at: '2026-11-29T00:00:00Z' })),
  step('description', (h, how, pick) => {
    const [deposit] = pick('deposit');
    if (deposit !== undefined) h.say('description', { deposit }, how);
  }),
  step('flag cleared', (h, how) => h.say('flag', { state: 'cleared' }, how)),
  ...['dispute', 'hold', 'flag', 'quarantine', 'takedown', 'synthetic', 'review'].map((kind) =>
    step(`end of ${kind}`, (h, how, pick) => {
      const of = pick(kind).sort();
      if (of.length > 0) h.say('resolution', { of }, how);
    }),
  ),
];

/** What can only ever speak against a use. */
export const DENIALS: readonly Step[] = [
  step('unknown kind', (h) => h.sayUnknown()),
  step('takedown', (h, how) => h.say('takedown', {}, how)),
  step('removal', (h, how) => h.say('removal', {}, how)),
  step('erasure', (h, how) => h.say('erasure', {}, how)),
  step('quarantine', (h, how) => h.say('quarantine', {}, how)),
  step('dispute', (h, how, pick) => h.say('dispute', { against: pick('synthetic').sort() }, how)),
  ...(['steward', 'match', 'detector', 'community'] as const).map((source) =>
    step(`hold by ${source}`, (h, how) => h.say('hold', { source }, how)),
  ),
  step('flag', (h, how) => h.say('flag', {}, how)),
  step('reservation', (h, how) => h.say('reservation', { values: everything('deny') }, how)),
  step('condition', (h, how) =>
    h.say('reservation', { values: everything({ condition: 'payment' }) }, how),
  ),
  step('refusal', (h, how) => h.say('consent', { purposes: everything('deny') }, how)),
  step('withdrawal of all', (h, how) => h.say('withdrawal', {}, how)),
  step('withdrawal', (h, how, pick) =>
    h.say('withdrawal', { consents: pick('consent').sort() }, how),
  ),
  step('contradiction', (h, how, pick) =>
    h.say('review', { outcome: 'contradicted', evidence: pick('custody').sort() }, how),
  ),
  step('upholding', (h, how, pick) => {
    const of = pick('dispute').sort();
    if (of.length > 0) h.say('resolution', { of, outcome: 'upheld' }, how);
  }),
  step('traces', (h, how) => h.say('finding', { findings: readBy('found') }, how)),
  step('unreadable', (h, how) => h.say('finding', { findings: readBy('unreadable') }, how)),
  ...[GENERATED, COMPOSITE_WITH_GENERATED, SCREEN_CAPTURE].flatMap((digitalSourceType) => [
    step('claim of generation', (h, how) =>
      h.say('declaration', { digitalSourceType, identity: null }, how),
    ),
    step('custody of generated', (h, how) => h.say('custody', { digitalSourceType }, how)),
  ]),
  step('exceptions', (h, how) => h.say('declaration', { generative: 'exceptions' }, how)),
  step('registration', (h, how) => h.say('synthetic', {}, how)),
  step('operator record', (h, how) => h.say('synthetic', { basis: 'operator' }, how)),
  step('derivation from a stranger', (h, how) => h.say('derivation', {}, how)),
  step('generated with input', (h, how) =>
    h.say('derivation', { relation: 'generated-with-input' }, how),
  ),
  step('rendition', (h, how) => h.say('rendition', { parent: assetCid('unknown') }, how)),
  step('narrow licence', (h, how) =>
    h.say('licence', { licence: 'CC-BY-NC-4.0' }, { ...how, ofSet: true }),
  ),
  step('failed holding', (h, how) =>
    h.say('holding', { holder: ARCHIVIST.author, organisation: ORG_A, outcome: 'failed' }, how),
  ),
  step('corrupt', (h, how) => h.say('fixity', { outcome: 'corrupt' }, how)),
  step('revoked certificate', (h, how) => h.say('certification', { outcome: 'revoked' }, how)),
  step('custody of the living', (h, how) => h.say('custody', { institution: ORG_C }, how)),
];

function everything<P>(permission: P): Partial<Record<(typeof PURPOSES)[number], P>> {
  return Object.fromEntries(PURPOSES.map((purpose) => [purpose, permission]));
}

export function told(steps: readonly Step[]): fc.Arbitrary<Told> {
  return fc.record({
    step: fc.constantFrom(...steps),
    voice: fc.constantFrom(...VOICES),
    choices: fc.array(fc.nat({ max: 99 }), { minLength: 3, maxLength: 3 }),
    isConcurrent: fc.boolean(),
    ofSet: fc.boolean(),
    isWitnessed: fc.boolean(),
  });
}

/** Says one more thing. */
export function tell(
  history: History,
  { step: one, voice: by, choices, isConcurrent, ofSet, isWitnessed }: Told,
): void {
  const voice = isWitnessed ? { ...by, witnesses: [ORG_B, ORG_C] } : by;
  const ids = history.statements.map(({ id }) => id);
  const pick: Pick = (kind) => {
    const known = history.statements.filter(({ statement }) => statement.kind === kind);
    if (known.length === 0) return [];
    const picked = choices.slice(0, 2).map((choice) => known[choice % known.length]?.id ?? '');
    return [...new Set(picked)];
  };
  const seen = isConcurrent ? ids.slice(0, (choices[2] ?? 0) % (ids.length + 1)) : ids;
  const isOfSet = ofSet && !['deposit', 'derivation', 'rendition', 'finding'].includes(one.name);
  try {
    one.tell(history, { ...voice, after: seen, ofSet: isOfSet }, pick);
  } catch (error) {
    if (!(error instanceof Error) || !/about one asset/.test(error.message)) throw error;
    one.tell(history, { ...voice, after: seen, ofSet: false }, pick);
  }
}

const plain = (name: string, voice: Saying = { by: ARCHIVIST }): Told => ({
  step: SUPPORT.find((one) => one.name === name) ?? step(name, () => undefined),
  voice,
  choices: [0, 0, 0],
  isConcurrent: false,
  ofSet: false,
  isWitnessed: true,
});

const DRAWING: readonly Told[] = [plain('deposit'), plain('finding'), plain('custody')];

const EVIDENCED: readonly Told[] = [
  ...DRAWING,
  plain('declaration', BY_MAKER),
  plain('process'),
  plain('review', { by: REVIEWER_B }),
  plain('consent to all', BY_MAKER),
  plain('holding'),
];

const VERIFIED: readonly Told[] = [
  ...EVIDENCED,
  plain('comparison'),
  plain('review', { by: REVIEWER_C }),
];

/** Nothing, a drawing in custody, one with evidence and consent, or a verified one; then up to eight statements more. */
export const randomHistory: fc.Arbitrary<readonly Told[]> = fc
  .tuple(
    fc.constantFrom([], DRAWING, EVIDENCED, VERIFIED, VERIFIED),
    fc.array(
      fc.oneof({ weight: 5, arbitrary: told(SUPPORT) }, { weight: 1, arbitrary: told(DENIALS) }),
      { maxLength: 8 },
    ),
  )
  .map(([base, more]) => [...base, ...more]);

/** Builds a history again; another seed gives every entry another hash. */
export function historyOf(steps: readonly Told[], seed = ''): History {
  const history = new History(seed);
  for (const one of steps) tell(history, one);
  return history;
}
