import { isHold } from './codes.ts';
import type { Level } from './documents.ts';
import type { RuleName } from './gates.ts';
import type { MasterInput } from './input.ts';
import { fails, type Outcome } from './rules/outcome.ts';

/** A work that this one is a rendition of, with its own answers; undefined where it has none. */
export interface Master extends Omit<MasterInput, 'input'> {
  readonly answers:
    | { readonly outcomeOf: (rule: RuleName) => Outcome; readonly level: Level }
    | undefined;
}

/**
 * Returns what a rule answers of a rendition: the stricter of its own answer and its masters'
 * (policy.md §4). Copies are each file's own. A master that is not deposited, or is itself a
 * rendition, answers nothing, and nothing may then be concluded of the rendition.
 */
export function inherited(rule: RuleName, own: Outcome, masters: readonly Master[]): Outcome {
  if (rule === 'R1') return own;
  return masters.reduce((answer, master) => stricter(answer, answerOf(rule, master)), own);
}

function answerOf(rule: RuleName, { ref, derivation, answers }: Master): Outcome | undefined {
  if (answers === undefined) {
    if (rule !== 'R9') return undefined;
    const text = 'It is a rendition of a work that is not deposited or is itself a rendition.';
    return { ...fails('E_TAINT', text, [ref]), derivation };
  }
  const { code, text } = answers.outcomeOf(rule);
  if (code === null) return undefined;
  return { ...fails(code, `It is a rendition, and of its master: ${text}`, [ref]), derivation };
}

function stricter(own: Outcome, other: Outcome | undefined): Outcome {
  if (other === undefined) return own;
  return severity(own) < severity(other) ? other : own;
}

function severity({ code }: Outcome): number {
  if (code === null) return 0;
  return isHold(code) ? 1 : 2;
}
