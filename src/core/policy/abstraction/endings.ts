import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import type { Ref } from '../input.ts';
import type { FactContext } from './fact-context.ts';
import type { Numbering } from './numbering.ts';
import { isBefore } from './order.ts';

/**
 * Whose resolutions it takes to end a statement. `one`: of an organisation that is no party to it, or
 * of whoever made the statement and takes it back.
 */
export type Enders = 'one' | 'steward' | 'two-organisations';

type Resolution = Fact<'resolution'>;
type Raised = Fact<'dispute' | 'hold' | 'quarantine' | 'flag' | 'review'>;

const RAISED = ['dispute', 'hold', 'quarantine', 'flag', 'review'] as const;

/**
 * What resolutions have ended.
 *
 * Nobody judges a case of their own: what a party to it says of a dispute or a review counts only where
 * whoever raised it, for themselves, takes it back. A hold, a flag or a quarantine is taken back by the
 * organisation that raised it.
 *
 * A resolution ends what it names unless it is `upheld`. Where one says `upheld` and another ends
 * the same thing, the ending counts only if it was written in view of the upholding.
 */
export class Endings {
  readonly #numbering: Numbering;
  readonly #facts: AssetFacts;
  readonly #context: FactContext;
  readonly #resolutions = new Map<StatementId, Resolution[]>();
  readonly #disputed = new Set<StatementId>();

  constructor(facts: AssetFacts, numbering: Numbering, context: FactContext) {
    this.#numbering = numbering;
    this.#context = context;
    this.#facts = facts;
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
    if (naming.length === 0) return [];
    const raised = enders === 'one' ? this.#raised(id) : undefined;
    const parties = raised === undefined ? undefined : this.#partiesTo(raised);
    const upheld = naming.filter(
      (fact) => fact.body.outcome === 'upheld' && fact.organisation !== raised?.organisation,
    );
    const ends = naming.filter(
      (fact) =>
        fact.body.outcome !== 'upheld' &&
        (enders !== 'steward' || fact.roles.includes('steward')) &&
        (parties?.has(fact.organisation) !== true || takesBack(fact, raised)) &&
        upheld.every((other) => isBefore(other, fact, this.#context)),
    );
    const organisations = new Set(ends.map((fact) => fact.organisation)).size;
    if (enders === 'two-organisations' && organisations < 2) return [];
    return this.#numbering.refs(ends);
  }

  #raised(id: StatementId): Raised | undefined {
    for (const kind of RAISED) {
      const raised = factsOf(this.#facts, kind).find((fact) => fact.id === id);
      if (raised !== undefined) return raised;
    }
    return undefined;
  }

  /** The organisations that raised it, deposited the asset, or said what it is against. */
  #partiesTo({ organisation, body }: Raised): ReadonlySet<string> {
    const parties = new Set([organisation]);
    for (const deposit of factsOf(this.#facts, 'deposit')) parties.add(deposit.organisation);
    const questioned = 'against' in body ? body.against : 'evidence' in body ? body.evidence : [];
    if (questioned.length === 0) return parties;
    for (const list of Object.values(this.#facts.known)) {
      for (const fact of list) if (questioned.includes(fact.id)) parties.add(fact.organisation);
    }
    return parties;
  }

  /** Returns true if a dispute, or a resolution of any outcome, names the statement. */
  isContested(id: StatementId): boolean {
    return this.#disputed.has(id) || this.#resolutions.has(id);
  }
}

function takesBack(by: Resolution, raised: Raised | undefined): boolean {
  if (raised === undefined || raised.carried || by.organisation !== raised.organisation)
    return false;
  if (!('against' in raised.body || 'evidence' in raised.body)) return true;
  const isForOthers = 'by' in raised.body && raised.body.by !== 'member';
  return by.body.outcome === 'lifted' && by.author === raised.author && !isForOthers;
}
