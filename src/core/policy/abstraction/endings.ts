import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import type { Ref } from '../input.ts';
import type { FactContext } from './fact-context.ts';
import type { Numbering } from './numbering.ts';
import { isBefore } from './order.ts';

/** Whose resolutions it takes to end a statement. */
export type Enders = 'one' | 'steward' | 'two-organisations';

/**
 * What resolutions have ended.
 *
 * A resolution ends what it names unless it is `upheld`. Where one says `upheld` and another ends
 * the same thing, the ending counts only if it was written in view of the upholding.
 */
export class Endings {
  readonly #numbering: Numbering;
  readonly #context: FactContext;
  readonly #resolutions = new Map<StatementId, Fact<'resolution'>[]>();
  readonly #disputed = new Set<StatementId>();

  constructor(facts: AssetFacts, numbering: Numbering, context: FactContext) {
    this.#numbering = numbering;
    this.#context = context;
    for (const fact of factsOf(facts, 'resolution')) {
      for (const id of fact.body.of) {
        const naming = this.#resolutions.get(id);
        if (naming === undefined) this.#resolutions.set(id, [fact]);
        else naming.push(fact);
      }
    }
    for (const { body } of factsOf(facts, 'dispute')) {
      for (const id of body.against) this.#disputed.add(id);
    }
  }

  /** Returns the resolutions that ended a statement; none while it is open. */
  of(id: StatementId, enders: Enders): readonly Ref[] {
    const naming = this.#resolutions.get(id) ?? [];
    const upheld = naming.filter((fact) => fact.body.outcome === 'upheld');
    const ends = naming.filter(
      (fact) =>
        fact.body.outcome !== 'upheld' &&
        (enders !== 'steward' || fact.roles.includes('steward')) &&
        upheld.every((other) => isBefore(other, fact, this.#context)),
    );
    const organisations = new Set(ends.map((fact) => fact.organisation)).size;
    if (enders === 'two-organisations' && organisations < 2) return [];
    return this.#numbering.refs(ends);
  }

  /** Returns true if a dispute, or a resolution of any outcome, names the statement. */
  isContested(id: StatementId): boolean {
    return this.#disputed.has(id) || this.#resolutions.has(id);
  }
}
