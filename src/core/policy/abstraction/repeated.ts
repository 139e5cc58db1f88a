import type { Fact } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';

/**
 * Tells outsiders' statements that say the same. An envelope can be carried again, by anybody who has it:
 * what ended a statement ends its repetitions as well, whenever they come.
 */
export class Repetitions {
  readonly #words = new Map<StatementId, string>();

  constructor(facts: readonly (Fact<'consent'> | Fact<'declaration'>)[]) {
    if (facts.length < 2) return;
    for (const fact of facts) if (fact.carried) this.#words.set(fact.id, wordsOf(fact));
  }

  /** Returns what a statement and its repetitions have in common: their words, or its own name. */
  keyOf(id: StatementId): string {
    return this.#words.get(id) ?? id;
  }

  /** Says whether two statements are one and the same, or repetitions of each other. */
  isSame(one: StatementId, other: StatementId): boolean {
    return this.keyOf(one) === this.keyOf(other);
  }
}

/** Bodies are read by schemas, which give the fields of maps in the order in which they were written. */
function wordsOf({ at, bySet, body }: Fact<'consent'> | Fact<'declaration'>): string {
  return JSON.stringify([at, bySet, body], (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
