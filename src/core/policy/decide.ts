import { isTimestamp } from '../statements/fields.ts';
import { isHold } from './codes.ts';
import type { Level } from './documents.ts';
import { levelOf } from './evidence-level.ts';
import { GATES, type GateName, RULE_NAMES, type RuleName } from './gates.ts';
import { inherited, type Master } from './inheritance.ts';
import type { DecisionInput } from './input.ts';
import { higher, lifted, liftedBy } from './lifting.ts';
import { originOf } from './origin.ts';
import type { Question } from './question.ts';
import { type Case, fails, type Outcome, type Rule } from './rules/outcome.ts';
import { recordRule } from './rules/r0-record.ts';
import { copiesRule } from './rules/r1-copies.ts';
import { lawfulRule } from './rules/r2-lawful.ts';
import { uncontestedRule } from './rules/r3-uncontested.ts';
import { grantedRule } from './rules/r4-granted.ts';
import { reservationsRule } from './rules/r5-reservations.ts';
import { personalRule } from './rules/r6-personal.ts';
import { originRule } from './rules/r7-origin.ts';
import { evidenceRule } from './rules/r8-evidence.ts';
import { derivationRule } from './rules/r9-derivation.ts';
import { duplicatesRule } from './rules/r10-duplicates.ts';
import { detectorsRule } from './rules/r11-detectors.ts';
import { policyRule } from './rules/r12-policy.ts';
import { validUntil } from './valid-until.ts';

export interface RuleResult extends Outcome {
  readonly rule: RuleName;
}

export interface GateResult {
  readonly gate: GateName;
  readonly pass: boolean;
  readonly rules: readonly RuleResult[];
}

/** The answer to one question about one decision class. */
export interface Decision {
  readonly verdict: 'eligible' | 'hold' | 'ineligible';
  readonly level: Level;
  /** The earliest moment at which the answer can change without a new statement; null if never. */
  readonly validUntil: string | null;
  readonly gates: readonly GateResult[];
  /** The first rule, by number, that fails; null if all pass. */
  readonly headline: RuleResult | null;
}

/** Every rule but R8, which is given more than the case. */
const RULES: Readonly<Record<Exclude<RuleName, 'R8'>, Rule>> = {
  R0: recordRule,
  R1: copiesRule,
  R2: lawfulRule,
  R3: uncontestedRule,
  R4: grantedRule,
  R5: reservationsRule,
  R6: personalRule,
  R7: originRule,
  R9: derivationRule,
  R10: duplicatesRule,
  R11: detectorsRule,
  R12: policyRule,
};

const BROKEN = fails('E_INTERNAL', 'This rule could not be evaluated, so nothing is concluded.');

/**
 * Returns whether assets with these facts may be used as the question says, with every rule's
 * answer. All rules are evaluated, always. The same arguments give the same answer everywhere.
 *
 * Never throws: what cannot be evaluated answers E_INTERNAL, as R0 then does, and is ineligible.
 */
export function decide(input: DecisionInput, question: Question): Decision {
  try {
    const given = caseOf(input, question);
    const level = levelOf(input, question, given.origin);
    const outcomes: Partial<Record<RuleName, Outcome>> = {
      R8: attempt(() => evidenceRule(given, level)),
    };
    for (const [name, rule] of Object.entries(RULES)) {
      outcomes[name as keyof typeof RULES] = attempt(() => rule(given));
    }
    const masters = mastersIn(input, question);
    const lifting = liftedBy(masters, given);
    for (const name of RULE_NAMES) {
      const own = lifted(name, outcomes[name] ?? BROKEN, lifting, given);
      outcomes[name] = inherited(name, own, masters);
    }
    const shown = higher(level.level, lifting?.level);
    return conclude(outcomes, shown, validUntil(input, question));
  } catch {
    return conclude({}, 'H0', null);
  }
}

function mastersIn({ masters }: DecisionInput, question: Question): readonly Master[] {
  return masters.map(({ input, ...said }) => {
    if (input === null) return { ...said, answers: undefined };
    const { gates, level } = decide(input, question);
    const results = gates.flatMap(({ rules }) => rules);
    const outcomeOf = (name: RuleName) => results.find(({ rule }) => rule === name) ?? BROKEN;
    return { ...said, answers: { outcomeOf, level } };
  });
}

function caseOf(input: DecisionInput, question: Question): Case {
  // Every comparison of times would be wrong without saying so.
  if (!isTimestamp(question.at)) throw new RangeError(`${question.at} is no point in time`);
  const read = new Set<string>();
  for (const { inspector, isReadable } of input.inspections) if (isReadable) read.add(inspector);
  return {
    input,
    question,
    origin: originOf(input),
    uninspected: question.policy.inspectors.filter((name) => !read.has(name)),
  };
}

function attempt(evaluate: () => Outcome): Outcome {
  try {
    return evaluate();
  } catch {
    return BROKEN;
  }
}

/** Puts the answers into their gates; a rule without an answer could not be evaluated. */
function conclude(
  outcomes: Partial<Record<RuleName, Outcome>>,
  level: Level,
  until: string | null,
): Decision {
  const outcomeOf = (rule: RuleName) => outcomes[rule] ?? BROKEN;
  const isBroken = RULE_NAMES.some((rule) => outcomeOf(rule).code === 'E_INTERNAL');
  const resultOf = (rule: RuleName): RuleResult => ({
    rule,
    ...(rule === 'R0' && isBroken ? BROKEN : outcomeOf(rule)),
  });
  const gates = GATES.map(({ gate, rules }) => {
    const results = rules.map(resultOf);
    return { gate, pass: results.every(({ pass }) => pass), rules: results };
  });
  const failing = RULE_NAMES.map(resultOf).filter(({ pass }) => !pass);
  const verdict =
    failing.length === 0 ? 'eligible' : failing.every(isHolding) ? 'hold' : 'ineligible';
  return { verdict, level, validUntil: until, gates, headline: failing[0] ?? null };
}

function isHolding({ code }: RuleResult): boolean {
  return code !== null && isHold(code);
}
