import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import { Endings } from './endings.ts';
import type { FactContext } from './fact-context.ts';
import { type Found, findingsOf } from './findings.ts';
import { Numbering } from './numbering.ts';
import { Repetitions } from './repeated.ts';

/** The facts of one asset while they are read: what every part of the abstraction shares. */
export interface Reading {
  readonly facts: AssetFacts;
  readonly context: FactContext;
  readonly numbering: Numbering;
  readonly endings: Endings;
  /** What inspectors saw, without what was inspected again. */
  readonly found: readonly Found[];
  /** Reviews by which somebody without a stake contradicts evidence, and that stand. */
  readonly contradictions: readonly Fact<'review'>[];
  /** Says whether one of them contradicts a statement; one that names none contradicts all. */
  readonly isContradicted: (statement: StatementId) => boolean;
}

export function readingOf(facts: AssetFacts, context: FactContext): Reading {
  const numbering = new Numbering();
  const endings = new Endings(facts, numbering, context);
  const contradictions = factsOf(facts, 'review').filter(
    ({ id, body }) =>
      body.outcome === 'contradicted' &&
      body.conflict === 'none' &&
      endings.of(id, 'one').length === 0,
  );
  const repetitions = new Repetitions(
    contradictions.length === 0 ? [] : factsOf(facts, 'declaration'),
  );
  const isContradicted = (statement: StatementId) =>
    contradictions.some(
      ({ body }) =>
        body.evidence.length === 0 ||
        body.evidence.some((one) => repetitions.isSame(one, statement)),
    );
  const found = findingsOf(facts, context);
  return { facts, context, numbering, endings, found, contradictions, isContradicted };
}
