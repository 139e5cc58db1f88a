import type { Cid } from '../cid.ts';
import type { StatementId } from '../statements/fields.ts';
import type { Abstraction } from './abstraction/abstract-facts.ts';
import type { ReasonCode } from './codes.ts';
import type { Decision, RuleResult } from './decide.ts';
import type { Level } from './documents.ts';
import { GATES, type GateName, type RuleName } from './gates.ts';
import type { Purpose, Requester } from './purposes.ts';
import type { Question } from './question.ts';
import { LEVEL_WORDS } from './rules/r8-evidence.ts';

/** The answer for one asset, as `explain --json` prints it. */
export interface Verdict {
  readonly cid: Cid;
  readonly purpose: Purpose;
  readonly policy: string;
  readonly for: Requester;
  readonly at: string;
  readonly verdict: Decision['verdict'];
  readonly level: Level;
  readonly validUntil: string | null;
  readonly gates: readonly {
    readonly gate: GateName;
    readonly pass: boolean;
    readonly rules: readonly ExplainedRule[];
  }[];
}

export interface ExplainedRule {
  readonly rule: RuleName;
  readonly pass: boolean;
  readonly code: ReasonCode | null;
  readonly text: string;
  readonly entries: readonly StatementId[];
}

/** Returns a decision with the names of the asset that it was asked for. */
export function toVerdict(
  asset: Cid,
  decision: Decision,
  { refs, paths }: Pick<Abstraction, 'refs' | 'paths'>,
  { purpose, policy, requester, at }: Question,
): Verdict {
  const explained = ({ rule, pass, code, text, entries, derivation }: RuleResult) => {
    const path = derivation === undefined ? undefined : paths[derivation];
    return {
      rule,
      pass,
      code,
      text: path === undefined ? text : `${text} The way: ${[asset, ...path].join(' from ')}.`,
      entries: [...new Set(entries)].flatMap((ref) => refs[ref] ?? []),
    };
  };
  return {
    cid: asset,
    purpose,
    policy: policy.name,
    for: requester,
    at,
    verdict: decision.verdict,
    level: decision.level,
    validUntil: decision.validUntil,
    gates: decision.gates.map(({ gate, pass, rules }) => ({
      gate,
      pass,
      rules: rules.map(explained),
    })),
  };
}

const ANSWERS: Readonly<Record<Decision['verdict'], string>> = {
  eligible: 'yes',
  hold: 'not now: somebody has to look first',
  ineligible: 'no',
};

/**
 * Returns a verdict as lines for a terminal: the five gates, what was asked, and the entries used, with where
 * the statement was `said` if somebody knows.
 */
export function explainText(
  verdict: Verdict,
  said: Readonly<Record<StatementId, readonly string[]>> = {},
): string[] {
  const lines = [
    `${verdict.cid}`,
    `  ${verdict.purpose} for ${verdict.for} under ${verdict.policy} at ${verdict.at}: ${ANSWERS[verdict.verdict]}`,
    `  evidence level ${verdict.level} (${LEVEL_WORDS[verdict.level]})${
      verdict.validUntil === null ? '' : `; asked again after ${verdict.validUntil}`
    }`,
  ];
  for (const { gate, pass, rules } of verdict.gates) {
    lines.push('', `  ${pass ? '✓' : '✗'} ${gate}: ${questionOf(gate)}`);
    for (const { rule, pass: passed, code, text, entries } of rules) {
      const because = code === null ? '' : ` [${code}]`;
      lines.push(`    ${passed ? '✓' : '✗'} ${rule.padEnd(3)} ${text}${because}`);
      for (const entry of entries) {
        lines.push(`          ${entry}`);
        for (const where of said[entry] ?? []) lines.push(`            said at ${where}`);
      }
    }
  }
  return lines;
}

function questionOf(name: GateName): string {
  return GATES.find(({ gate }) => gate === name)?.asks ?? '';
}
