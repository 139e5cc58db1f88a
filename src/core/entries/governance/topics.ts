import type { EntryHash } from '../../statements/fields.ts';
import { type Act, entryOf } from './act.ts';
import { chooseRival, type Enacted, followChain, type Link, type Rivalry } from './chain.ts';
import { type Bench, benchWhere } from './seats.ts';
import { actsOf, enactedIn, type StewardActs } from './steward-acts.ts';
import { countYes, type Vote, votesOf } from './votes.ts';

interface TopicParts {
  readonly acts: readonly Act[];
  readonly proposals: ReadonlyMap<EntryHash, Act<'proposal'>>;
  readonly benches: readonly Bench[];
  readonly stewards: StewardActs;
  readonly charter: string;
  readonly isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean;
}

/** Votes, and what was enacted on every topic but the stewards themselves. */
export class Topics {
  readonly rivalries: Rivalry[] = [];
  /** Enactments that do not count, and why. */
  readonly idle = new Map<EntryHash, string>();
  readonly #parts: TopicParts;
  readonly #approvals = new Map<EntryHash, Act<'approval'>[]>();
  readonly #standing: readonly Act[];
  readonly #enacted = new Map<string, Enacted[]>();
  readonly #chains = new Map<string, readonly Link[]>();

  constructor(parts: TopicParts) {
    this.#parts = parts;
    const { acts, stewards } = parts;
    this.#standing = acts.filter(({ hash }) => stewards.own.has(hash));
    for (const approval of actsOf('approval', this.#standing)) {
      const proposal = entryOf(approval.body.proposal);
      const known = this.#approvals.get(proposal);
      if (known === undefined) this.#approvals.set(proposal, [approval]);
      else known.push(approval);
    }
    this.#recount();
    for (const topic of this.#enacted.keys()) {
      const note = (rivalry: Rivalry) => this.rivalries.push(rivalry);
      this.#chains.set(
        topic,
        this.#chain(topic, () => true, note),
      );
    }
  }

  /** Returns the chain of a topic other than the stewards: the charter first. */
  chainOf(topic: string): readonly Link[] {
    return (
      this.#chains.get(topic) ?? [
        { name: this.#parts.charter, proposal: undefined, enactments: [] },
      ]
    );
  }

  topics(): Iterable<string> {
    return this.#chains.keys();
  }

  /** Returns how the stewards in force voted, as far as this place has seen. */
  votesOn(
    proposal: EntryHash,
    bench: Bench,
    has: (act: EntryHash) => boolean = () => true,
  ): readonly Vote[] {
    const approvals = (this.#approvals.get(proposal) ?? []).filter(({ hash }) => has(hash));
    return votesOf(approvals, bench.seats, this.#parts.isInPast);
  }

  /** Returns the organisations of the stewards whose approvals a proposal in force was enacted with. */
  organisationsBehind({ proposal, enactments }: Link): readonly string[] {
    const { benches, isInPast } = this.#parts;
    const [first] = enactments;
    if (proposal === undefined || first === undefined) return [];
    const has = (act: EntryHash) => isInPast(act, first);
    const bench = benchWhere(benches, has);
    if (bench === undefined) return [];
    const yes = this.votesOn(proposal.hash, bench, has).filter(({ vote }) => vote === 'yes');
    return bench.seats
      .filter(({ id }) => yes.some((vote) => vote.id === id))
      .map(({ organisation }) => organisation);
  }

  /** Other enactments are counted again with the approvals that stand, ancestors first. */
  #recount(): void {
    const { acts, proposals, stewards, benches, isInPast } = this.#parts;
    for (const { act, proposal } of enactedIn(acts, proposals)) {
      const { topic, base } = proposal.body;
      if (topic === 'stewards' || !stewards.voices.has(act.hash)) continue;
      const has = (earlier: EntryHash) => isInPast(earlier, act.hash);
      const bench = benchWhere(benches, has);
      if (bench === undefined) continue;
      if (this.#chain(topic, has).at(-1)?.name !== base) {
        this.idle.set(act.hash, 'another proposal was in force in its past than it goes on from');
      } else if (countYes(this.votesOn(proposal.hash, bench, has)) < bench.needed) {
        this.idle.set(act.hash, 'too few of the approvals that it counted stand');
      } else {
        const list = this.#enacted.get(topic) ?? [];
        list.push({ hash: act.hash, proposal });
        this.#enacted.set(topic, list);
      }
    }
  }

  #chain(
    topic: string,
    has: (act: EntryHash) => boolean,
    onRivalry?: (rivalry: Rivalry) => void,
  ): readonly Link[] {
    const { benches, charter, isInPast } = this.#parts;
    const enacted = (this.#enacted.get(topic) ?? []).filter(({ hash }) => has(hash));
    const choose = (rivals: readonly Link[], base: Link) => {
      const [first] = base.enactments;
      const seen = (act: EntryHash) => first !== undefined && isInPast(act, first);
      const seats = benchWhere(benches, seen)?.seats ?? [];
      const ofKey = (key: string) =>
        this.#standing.filter(({ author, hash }) => author === key && has(hash));
      return chooseRival(rivals, seats, ofKey, isInPast);
    };
    return followChain(charter, enacted, choose, onRivalry);
  }
}
