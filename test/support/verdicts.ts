import { abstractFacts } from '../../src/core/policy/abstraction/abstract-facts.ts';
import type { FactContext } from '../../src/core/policy/abstraction/fact-context.ts';
import { type Decision, decide } from '../../src/core/policy/decide.ts';
import type { Policy } from '../../src/core/policy/documents.ts';
import { explainText, toVerdict, type Verdict } from '../../src/core/policy/explain.ts';
import type { Question } from '../../src/core/policy/question.ts';
import { SHIPPED_POLICIES } from '../../src/core/policy/shipped.ts';
import type { AssetFacts } from '../../src/core/provenance/facts.ts';
import { ASSET, type History } from './history.ts';

export function shippedPolicy(name: string): Policy {
  const policy = SHIPPED_POLICIES.find((one) => one.name === name);
  if (policy === undefined) throw new Error(`no policy ${name}`);
  return policy;
}

/** The defaults of design.md §10, ten days after the histories of the tests begin. */
export function question(overrides: Partial<Question> = {}): Question {
  return {
    purpose: 'ai_generative_training',
    requester: 'anyone',
    at: '2026-11-30T00:00:00Z',
    policy: shippedPolicy('corroborated'),
    ...overrides,
  };
}

export interface Asked extends Partial<Question> {
  readonly facts?: AssetFacts;
  readonly context?: Partial<FactContext>;
}

export function decided(history: History, asked: Asked = {}): Decision {
  const { facts = history.facts(), context, ...overrides } = asked;
  return decide(abstractFacts(facts, history.context(context)).input, question(overrides));
}

/** The codes of the failing rules by rule, `{}` for an eligible asset. */
export function failures(history: History, asked: Asked = {}): Readonly<Record<string, string>> {
  const { gates } = decided(history, asked);
  return Object.fromEntries(
    gates.flatMap(({ rules }) =>
      rules.flatMap(({ rule, pass, code }) => (pass ? [] : [[rule, code ?? 'no code']])),
    ),
  );
}

export function explained(history: History, asked: Asked = {}): Verdict {
  const { facts = history.facts(), context, ...overrides } = asked;
  const abstraction = abstractFacts(facts, history.context(context));
  const asking = question(overrides);
  return toVerdict(ASSET, decide(abstraction.input, asking), abstraction, asking);
}

export function explanation(history: History, asked: Asked = {}): string {
  return explainText(explained(history, asked)).join('\n');
}
