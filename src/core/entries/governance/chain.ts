import type { EntryHash } from '../../statements/fields.ts';
import type { Did } from '../did-key.ts';
import type { Act } from './act.ts';

/** What was last enacted on a topic: the charter, or a proposal with all its enactments. */
export interface Link {
  /** As later proposals name it in `base`. */
  readonly name: string;
  readonly proposal: Act<'proposal'> | undefined;
  /** Several enactments of one proposal are one; the first in the order of acts comes first. */
  readonly enactments: readonly EntryHash[];
}

export interface Enacted {
  readonly hash: EntryHash;
  readonly proposal: Act<'proposal'>;
}

/** Rival proposals enacted on one base, and which of them stands. */
export interface Rivalry {
  readonly winner: Link;
  readonly losers: readonly Link[];
}

/**
 * Returns what was enacted on a topic, one after another from the charter on, and tells `onRivalry`
 * where several were enacted on one base. `choose` says which of them stands.
 */
export function followChain(
  charter: string,
  enacted: readonly Enacted[],
  choose: (rivals: readonly Link[], base: Link) => Link,
  onRivalry: (rivalry: Rivalry) => void = () => {},
): readonly Link[] {
  const chain: Link[] = [{ name: charter, proposal: undefined, enactments: [] }];
  for (let base = chain[0]; base !== undefined; ) {
    const rivals = linksOn(base.name, enacted);
    const [first, second] = rivals;
    if (first === undefined) break;
    const winner = second === undefined ? first : choose(rivals, base);
    if (second !== undefined) {
      onRivalry({ winner, losers: rivals.filter((link) => link !== winner) });
    }
    chain.push(winner);
    base = winner;
  }
  return chain;
}

function linksOn(base: string, enacted: readonly Enacted[]): readonly Link[] {
  const links = new Map<
    string,
    { name: string; proposal: Act<'proposal'>; enactments: EntryHash[] }
  >();
  for (const { hash, proposal } of enacted) {
    if (proposal.body.base !== base) continue;
    const name = `${proposal.hash}/0`;
    const link = links.get(name);
    if (link === undefined) links.set(name, { name, proposal, enactments: [hash] });
    else link.enactments.push(hash);
  }
  return [...links.values()];
}

/**
 * Returns the rival that more of these stewards built on first, then the one with the smaller CID.
 *
 * A steward's first act that is an enactment of a rival or has one in its past is its choice. Who
 * chose two at once, or whose key forked before it chose, does not count.
 */
export function chooseRival(
  rivals: readonly Link[],
  stewards: readonly { readonly key: Did }[],
  actsOf: (key: Did) => readonly { readonly hash: EntryHash }[],
  isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean,
): Link {
  const votes = new Map<Link, number>();
  for (const { key } of stewards) {
    const choice = choiceOf(rivals, actsOf(key), isInPast);
    if (choice !== undefined) votes.set(choice, (votes.get(choice) ?? 0) + 1);
  }
  const best = [...rivals].sort(
    (a, b) => (votes.get(b) ?? 0) - (votes.get(a) ?? 0) || (a.name < b.name ? -1 : 1),
  )[0];
  if (best === undefined) throw new RangeError('there are no rivals to choose from');
  return best;
}

function choiceOf(
  rivals: readonly Link[],
  acts: readonly { readonly hash: EntryHash }[],
  isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean,
): Link | undefined {
  const built = (act: EntryHash) =>
    rivals.filter((link) => link.enactments.some((one) => one === act || isInPast(one, act)));
  const choosing = acts.filter(({ hash }) => built(hash).length > 0);
  const first = choosing.filter(
    ({ hash }) => !choosing.some((other) => isInPast(other.hash, hash)),
  );
  const [choice, second] = first;
  if (choice === undefined || second !== undefined) return undefined;
  const hasForked = acts.some(
    ({ hash }) =>
      hash !== choice.hash && !isInPast(hash, choice.hash) && !isInPast(choice.hash, hash),
  );
  const [link, another] = built(choice.hash);
  return hasForked || another !== undefined ? undefined : link;
}
