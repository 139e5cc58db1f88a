import fc from 'fast-check';
import { expect, it } from 'vitest';
import { abstractFacts, decisionKey } from '../../src/core/policy/abstraction/abstract-facts.ts';
import { REASON_CODES } from '../../src/core/policy/codes.ts';
import { type Decision, decide } from '../../src/core/policy/decide.ts';
import type { Policy } from '../../src/core/policy/documents.ts';
import type { DecisionInput } from '../../src/core/policy/input.ts';
import type { Question } from '../../src/core/policy/question.ts';
import type { StandingStatement } from '../../src/core/provenance/facts.ts';
import { reduceFacts } from '../../src/core/provenance/reduce.ts';
import { ARCHIVIST, ASSET, type History } from './history.ts';
import {
  CONTEXT,
  DENIALS,
  historyOf,
  randomHistory,
  SUPPORT,
  tell,
  told,
} from './random-history.ts';
import { ORG_B } from './statement-bodies.ts';
import { explained, explanation, question, shippedPolicy } from './verdicts.ts';

const corroborated = shippedPolicy('corroborated');

/** Asks for little, so that every single rule gets to decide. */
const lenient: Policy = {
  ...corroborated,
  origins: [...corroborated.origins, 'ALGORITHMIC'],
  floor: 'H0',
  inspectors: [],
};

const SHIPPED: readonly Question[] = ['corroborated', 'generative-training', 'gold'].map((name) =>
  question({ policy: shippedPolicy(name) }),
);

const QUESTIONS: readonly Question[] = [
  ...SHIPPED,
  question({ purpose: 'search_index', policy: { ...corroborated, floor: 'H3' } }),
  question({ policy: { ...corroborated, copies: 2, copyAgeDays: 15 } }),
  question({ policy: lenient }),
  question({ policy: { ...lenient, licences: [] }, requester: `organisation:${ORG_B}` }),
];

/** What no policy that ships does without, as a way of taking all of it out of a history. */
const REQUIRED: readonly {
  readonly what: string;
  readonly keeps: (one: StandingStatement) => boolean;
  readonly isAsked?: (asked: Question) => boolean;
}[] = [
  { what: 'deposit', keeps: ({ statement }) => statement.kind !== 'deposit' },
  { what: 'finding', keeps: ({ statement }) => statement.kind !== 'finding' },
  {
    what: 'anybody who answers for its making',
    keeps: ({ statement: { kind } }) =>
      kind !== 'declaration' && kind !== 'custody' && kind !== 'attestation',
  },
  {
    what: 'evidence, nor a sample',
    keeps: ({ statement: { kind } }) => kind !== 'evidence' && kind !== 'attestation',
    isAsked: ({ policy }) => policy.floor > 'H2',
  },
  {
    what: 'review, nor a sample',
    keeps: ({ statement: { kind } }) => kind !== 'review' && kind !== 'attestation',
    isAsked: ({ policy }) => policy.floor > 'H2',
  },
  {
    what: 'second copy',
    keeps: ({ author, statement: { kind } }) =>
      kind !== 'holding' && (kind !== 'deposit' || author === ARCHIVIST.author),
    isAsked: ({ policy }) => policy.copies > 1,
  },
];

/** Denials after which nothing is eligible, whatever else was said before. */
const FINAL: readonly string[] = [
  'unknown kind',
  'takedown',
  'removal',
  'quarantine',
  'dispute',
  'hold by steward',
  'hold by match',
  'hold by detector',
  'hold by community',
  'flag',
  'reservation',
  'refusal',
  'registration',
  'operator record',
  'derivation from a stranger',
  'generated with input',
  'rendition',
];

function decisions(history: History): Decision[] {
  const { input } = abstractFacts(history.facts(), history.context(CONTEXT));
  return QUESTIONS.map((asked) => decide(input, asked));
}

/** The answers where only some statements are there, or where they are not the same ones. */
function decisionsOn(history: History, statements: readonly StandingStatement[]): Decision[] {
  const facts = reduceFacts(ASSET, statements, history.unknown);
  const { input } = abstractFacts(facts, history.context(CONTEXT));
  return QUESTIONS.map((asked) => decide(input, asked));
}

/** Says what holds of random histories, of which each property looks at so many. */
export function describeRandomHistories(numRuns: number): void {
  const RUNS = { numRuns };
  it('are eligible often enough to mean something, for every question', () => {
    const eligible = QUESTIONS.map(() => 0);
    for (const steps of fc.sample(randomHistory, { numRuns: 1000, seed: 1 })) {
      decisions(historyOf(steps)).forEach(({ verdict }, i) => {
        if (verdict === 'eligible') eligible[i] = (eligible[i] ?? 0) + 1;
      });
    }
    for (const count of eligible) expect(count).toBeGreaterThan(50);
  });

  it('without any one thing that a policy asks for are not eligible under it', () => {
    fc.assert(
      fc.property(randomHistory, (steps) => {
        const history = historyOf(steps);
        const before = decisions(history);
        if (before.every(({ verdict }) => verdict !== 'eligible')) return;
        for (const { what, keeps, isAsked = () => true } of REQUIRED) {
          const after = decisionsOn(history, history.statements.filter(keeps));
          SHIPPED.forEach((asked, i) => {
            if (!isAsked(asked)) return;
            expect(after[i]?.verdict, `${asked.policy.name} without ${what}`).not.toBe('eligible');
          });
        }
        const unseen = history.statements.map((one) => ({ ...one, witnesses: [] }));
        decisionsOn(history, unseen).forEach(({ verdict }, i) => {
          const { policy } = QUESTIONS[i] ?? question();
          if (policy.witnesses > 0) expect(verdict, 'unwitnessed').not.toBe('eligible');
        });
      }),
      RUNS,
    );
  });

  it('give the same input and the same names in whatever order their statements arrive', () => {
    const shuffled = randomHistory.chain((steps) => {
      const history = historyOf(steps);
      return fc.tuple(
        fc.constant(history),
        fc.shuffledSubarray(history.statements, { minLength: history.statements.length }),
      );
    });
    fc.assert(
      fc.property(shuffled, ([history, arrived]) => {
        const first = abstractFacts(history.facts(), history.context(CONTEXT));
        const second = abstractFacts(history.facts(arrived), history.context(CONTEXT));
        expect(decisionKey(second.input)).toBe(decisionKey(first.input));
        expect(second).toEqual(first);
      }),
      RUNS,
    );
  });

  it('give the same answer whatever their entries hash to, also from the text of the input', () => {
    fc.assert(
      fc.property(randomHistory, (steps) => {
        const saying = ({ verdict, level, validUntil, gates }: Decision) => ({
          verdict,
          level,
          validUntil,
          rules: gates.flatMap(({ rules }) => rules.map(({ code, text }) => ({ code, text }))),
        });
        const history = historyOf(steps);
        const before = decisions(history);
        expect(decisions(historyOf(steps, 'other hashes')).map(saying)).toEqual(before.map(saying));
        const key = decisionKey(abstractFacts(history.facts(), history.context(CONTEXT)).input);
        const read: DecisionInput = JSON.parse(key);
        expect(QUESTIONS.map((asked) => decide(read, asked))).toEqual(before);
      }),
      RUNS,
    );
  });

  it('never become eligible by a denial, a reservation, a taint, a dispute or a revocation', () => {
    fc.assert(
      fc.property(randomHistory, told(DENIALS), (steps, denial) => {
        const history = historyOf(steps);
        const before = decisions(history);
        tell(history, denial);
        decisions(history).forEach(({ verdict }, i) => {
          if (before[i]?.verdict !== 'eligible') expect(verdict).not.toBe('eligible');
        });
      }),
      RUNS,
    );
  });

  it('are never eligible while a denial is open', () => {
    const final = DENIALS.filter(({ name }) => FINAL.includes(name));
    expect(new Set(final.map(({ name }) => name)).size).toBe(FINAL.length);
    fc.assert(
      fc.property(randomHistory, told(final), (steps, denial) => {
        const history = historyOf(steps);
        tell(history, denial);
        for (const { verdict } of decisions(history)) expect(verdict).not.toBe('eligible');
      }),
      RUNS,
    );
  });

  it('are not eligible without a licence once every consent is withdrawn', () => {
    const withdrawals = DENIALS.filter(({ name }) => name === 'withdrawal of all');
    fc.assert(
      fc.property(randomHistory, told(withdrawals), (steps, withdrawal) => {
        const history = historyOf(steps);
        tell(history, withdrawal);
        decisions(history).forEach(({ verdict }, i) => {
          if (QUESTIONS[i]?.policy.licences.length === 0) expect(verdict).not.toBe('eligible');
        });
      }),
      RUNS,
    );
  });

  it('are explained with every failing rule, its code and the statements it used', () => {
    const codes = new Set<string>(REASON_CODES);
    fc.assert(
      fc.property(randomHistory, fc.constantFrom(...QUESTIONS), (steps, asked) => {
        const history = historyOf(steps);
        const text = explanation(history, { ...asked, context: CONTEXT });
        const verdict = explained(history, { ...asked, context: CONTEXT });
        const said = new Set([...history.statements, ...history.unknown].map(({ id }) => id));
        const rules = verdict.gates.flatMap((gate) => gate.rules);
        expect(rules.map(({ rule }) => Number(rule.slice(1))).sort((a, b) => a - b)).toEqual([
          0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
        ]);
        for (const { rule, pass, code, text: sentence, entries } of rules) {
          expect(text).toContain(`${pass ? '✓' : '✗'} ${rule.padEnd(3)} ${sentence}`);
          expect(pass).toBe(code === null);
          if (code !== null) expect(codes).toContain(code.replace(/\(.*\)$/, ''));
          for (const entry of entries) expect(said).toContain(entry);
        }
        for (const gate of verdict.gates) {
          expect(gate.pass).toBe(gate.rules.every(({ pass }) => pass));
        }
        const failing = rules.flatMap(({ code }) => code ?? []);
        const expected =
          failing.length === 0
            ? 'eligible'
            : failing.every((code) => code.startsWith('H_'))
              ? 'hold'
              : 'ineligible';
        expect(verdict.verdict).toBe(expected);
      }),
      RUNS,
    );
  });

  it('change their answer by time alone only at the moment that was told', () => {
    const days = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(randomHistory, fc.constantFrom(...QUESTIONS), days, (steps, asked, later) => {
        const { input } = abstractFacts(
          historyOf(steps).facts(),
          historyOf(steps).context(CONTEXT),
        );
        const now = decide(input, asked);
        const at = new Date(Date.parse(asked.at) + later * 86_400_000).toISOString();
        const then = decide(input, { ...asked, at: `${at.slice(0, 19)}Z` });
        if (now.validUntil === null || `${at.slice(0, 19)}Z` < now.validUntil) {
          expect(then).toEqual(now);
        }
      }),
      RUNS,
    );
  });

  it('use every step of the generator', () => {
    const names = [...SUPPORT, ...DENIALS].map(({ name }) => name);
    const used = new Set(
      fc
        .sample(randomHistory, { numRuns: 2000, seed: 2 })
        .flatMap((steps) => steps.map(({ step }) => step.name)),
    );
    expect(names.filter((name) => !used.has(name))).toEqual([]);
  });
}
