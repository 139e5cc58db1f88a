import type { ReasonCode } from '../codes.ts';
import type { DecisionInput, Ref } from '../input.ts';
import type { Origin } from '../origin.ts';
import type { Question } from '../question.ts';

/** What a rule answers. */
export interface Outcome {
  readonly pass: boolean;
  readonly code: ReasonCode | null;
  readonly text: string;
  /** The statements that it used. */
  readonly entries: readonly Ref[];
  /** The derivation whose path belongs to the text. */
  readonly derivation?: number;
}

/** What every rule is given. */
export interface Case {
  readonly input: DecisionInput;
  readonly question: Question;
  readonly origin: Origin;
  /** Inspectors that the policy names and that have not read the asset. */
  readonly uninspected: readonly string[];
}

export type Rule = (given: Case) => Outcome;

export function passes(text: string, entries: readonly Ref[] = []): Outcome {
  return { pass: true, code: null, text, entries };
}

export function fails(code: ReasonCode, text: string, entries: readonly Ref[] = []): Outcome {
  return { pass: false, code, text, entries };
}

/**
 * Answers for a rule about denials, where none stands against the asset: that nothing is recorded says
 * something only after everybody has looked whom the policy names.
 */
export function passesIfInspected(
  { uninspected }: Case,
  text: string,
  entries: readonly Ref[] = [],
): Outcome {
  if (uninspected.length === 0) return passes(text, entries);
  return fails('E_UNKNOWN', `${text} But not everything has been inspected yet.`, entries);
}

/** Returns `1 deposit`, `2 deposits`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
