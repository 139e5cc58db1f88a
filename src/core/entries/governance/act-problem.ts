import type { EntryHash } from '../../statements/fields.ts';
import { type Act, entryOf, type Place } from './act.ts';
import type { Link } from './chain.ts';
import type { Rights } from './rights.ts';
import type { StewardActs } from './steward-acts.ts';
import type { Titles } from './titles.ts';
import type { Topics } from './topics.ts';

interface ProblemParts {
  readonly byHash: ReadonlyMap<EntryHash, Act>;
  readonly stewards: StewardActs;
  readonly topics: Topics;
  readonly rights: Rights;
  readonly titles: Titles;
  readonly placeOf: (act: Act) => Place;
  readonly chainOf: (topic: string) => readonly Link[];
}

/** Kinds that count only as a steward's. */
const BY_STEWARDS: ReadonlySet<string> = new Set(['invitation', 'adopt', 'proposal', 'approval']);

/** Says why an act counts for nothing in a state; undefined where it counts. */
export function actProblem(hash: EntryHash, parts: ProblemParts): string | undefined {
  const { byHash, stewards, rights, titles, placeOf } = parts;
  const act = byHash.get(hash);
  if (act === undefined) return undefined;
  if (act.kind === 'enactment') return enactmentProblem(act, parts);
  const idle = rights.idle.get(hash);
  if (idle !== undefined) return idle;
  if (stewards.voices.has(hash)) {
    const isVote = act.kind === 'approval' && !stewards.own.has(hash);
    return isVote ? 'a vote cannot be adopted' : undefined;
  }
  if (BY_STEWARDS.has(act.kind)) return 'its author was removed from the stewards';
  return titles.at(act.author, placeOf(act)) === undefined ? 'its author was revoked' : undefined;
}

function enactmentProblem(
  act: Act<'enactment'>,
  { byHash, topics, stewards, chainOf }: ProblemParts,
): string | undefined {
  const proposal = byHash.get(entryOf(act.body.proposal));
  if (proposal?.kind !== 'proposal') return 'its proposal does not count';
  const { topic } = proposal.body;
  if (chainOf(topic).some(({ enactments }) => enactments.includes(act.hash))) return undefined;
  if (topic !== 'stewards' && !stewards.voices.has(act.hash)) {
    return 'its author was removed from the stewards';
  }
  return topics.idle.get(act.hash) ?? 'a rival proposal on the same base stands';
}
