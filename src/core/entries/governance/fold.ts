import type { Cid } from '../../cid.ts';
import type { EntryHash } from '../../statements/fields.ts';
import type { Charter } from '../charter.ts';
import type { Did } from '../did-key.ts';
import { type Act, compareActs, type Place } from './act.ts';
import { actProblem } from './act-problem.ts';
import { chooseRival, followChain, type Link, type Rivalry } from './chain.ts';
import { giveRights, type Rights } from './rights.ts';
import { type Bench, benchesOf, seat } from './seats.ts';
import { actsOf, enactedIn, type StewardActs, stewardActs, type Voice } from './steward-acts.ts';
import { type Title, Titles } from './titles.ts';
import { Topics } from './topics.ts';

export interface FoldContext {
  readonly charter: Charter;
  readonly charterCid: Cid;
  /** Whether one entry lies in the past of another; an entry is not in its own. */
  readonly isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean;
}

/** What a set of acts makes of the charter: who may do what, and what is in force. */
export interface Governance {
  readonly acts: readonly Act[];
  readonly byHash: ReadonlyMap<EntryHash, Act>;
  /** The stewards in force, and how many of them must approve a proposal. */
  readonly bench: Bench;
  readonly benches: readonly Bench[];
  readonly stewards: StewardActs;
  readonly topics: Topics;
  readonly rights: Rights;
  readonly rivalries: readonly Rivalry[];
  readonly format: number;
  readonly titles: Titles;
  /** Returns what a key may do in an entry at this place. */
  titleAt(key: Did, place: Place): Title | undefined;
  /** Returns what a key may do after all these acts. */
  titleOf(key: Did): Title | undefined;
  /** Returns why an act counts for nothing; undefined where it counts, or is none of these. */
  problemOf(act: EntryHash): string | undefined;
  /** Returns who adopted an entry, which then is the adopter's where it does not stand by itself. */
  adopterOf(entry: EntryHash): Voice | undefined;
  /** Returns what was enacted on a topic, the charter first. */
  chainOf(topic: string): readonly Link[];
}

/** Behind all acts: what a key may do there it may do now. */
const AFTER_ALL: Place = {
  hash: '' as EntryHash,
  has: () => true,
  isBefore: () => false,
};

/**
 * Folds sound acts over the charter, in the three passes of ledger.md §4. A pure function of the set: in
 * whatever order the acts come, the answer is the same.
 */
export function foldGovernance(unsorted: readonly Act[], context: FoldContext): Governance {
  const { charter, charterCid, isInPast } = context;
  const acts = [...unsorted].sort(compareActs);
  const byHash = new Map(acts.map((act) => [act.hash, act]));
  const proposals = new Map(actsOf('proposal', acts).map((act) => [act.hash, act]));
  const placeOf = ({ hash }: Act): Place => ({
    hash,
    has: (act) => isInPast(act, hash),
    isBefore: (entry) => isInPast(hash, entry),
  });

  const rivalries: Rivalry[] = [];
  const lists = stewardLists(acts, proposals, context, rivalries);
  const benches = benchesOf(lists, charter);
  const bench = benches.at(-1) ?? { link: lists[0] as Link, seats: [], needed: 1 };
  const titles = new Titles(isInPast);
  seat(benches, titles);

  const stewards = stewardActs(acts, titles, placeOf);
  const topics = new Topics({ acts, proposals, benches, stewards, charter: charterCid, isInPast });
  rivalries.push(...topics.rivalries);

  const enactedLists = new Set(lists.flatMap((link) => link.proposal?.hash ?? []));
  const rights = giveRights({ acts, byHash, stewards, enactedLists, placeOf, isInPast }, titles);
  const chainOf = (topic: string) => (topic === 'stewards' ? lists : topics.chainOf(topic));
  const parts = { byHash, stewards, topics, rights, titles, placeOf, chainOf };
  const problems = new Map<EntryHash, string | undefined>();
  return {
    ...{ acts, byHash, bench, benches, stewards, topics, rights, rivalries, titles, chainOf },
    format: chainOf('format').at(-1)?.proposal?.body.format ?? charter.format,
    titleAt: (key, place) => titles.at(key, place),
    titleOf: (key) => titles.at(key, AFTER_ALL),
    problemOf: (hash) => {
      if (!problems.has(hash)) problems.set(hash, actProblem(hash, parts));
      return problems.get(hash);
    },
    adopterOf: (entry) => stewards.adopters.get(entry),
  };
}

/** The first pass. That enough stewards approved was told by each enactment's own past. */
function stewardLists(
  acts: readonly Act[],
  proposals: ReadonlyMap<EntryHash, Act<'proposal'>>,
  { charter, charterCid, isInPast }: FoldContext,
  rivalries: Rivalry[],
): readonly Link[] {
  const enacted = enactedIn(acts, proposals)
    .filter(({ proposal }) => proposal.body.topic === 'stewards')
    .map(({ act, proposal }) => ({ hash: act.hash, proposal }));
  const choose = (rivals: readonly Link[], base: Link) => {
    const stewards = base.proposal?.body.stewards?.list ?? charter.stewards;
    return chooseRival(
      rivals,
      stewards,
      (key) => acts.filter(({ author }) => author === key),
      isInPast,
    );
  };
  return followChain(charterCid, enacted, choose, (rivalry) => rivalries.push(rivalry));
}
