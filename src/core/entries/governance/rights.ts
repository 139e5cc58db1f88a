import type { EntryHash } from '../../statements/fields.ts';
import type { Did } from '../did-key.ts';
import { toEntryHash } from '../entry-hash.ts';
import { type Act, entryOf, type Place } from './act.ts';
import { isKept } from './seats.ts';
import { actsOf, type StewardActs } from './steward-acts.ts';
import { covers, type Ending, type Grant, type Titles } from './titles.ts';

export interface RightsParts {
  readonly acts: readonly Act[];
  readonly byHash: ReadonlyMap<EntryHash, Act>;
  readonly stewards: StewardActs;
  /** Proposals about stewards that are in force or were. */
  readonly enactedLists: ReadonlySet<EntryHash>;
  readonly placeOf: (act: Act) => Place;
  readonly isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean;
}

/** What the third pass found besides grants and endings. */
export interface Rights {
  /** Acts that count for nothing, and why. */
  readonly idle: ReadonlyMap<EntryHash, string>;
  /** Who was admitted by each invitation. */
  readonly admitted: ReadonlyMap<EntryHash, readonly Did[]>;
}

/**
 * The third pass: grants, admissions and revocations of everybody but the stewards, added to `titles`,
 * in which the stewards are. Nobody who gets rights here can grant.
 */
export function giveRights(parts: RightsParts, titles: Titles): Rights {
  const { acts, stewards } = parts;
  const idle = new Map<EntryHash, string>();
  const revocations = actsOf('revoke', acts);
  for (const act of revocations) {
    if (stewards.voices.has(act.hash)) endBySteward(act, parts, titles, idle);
  }
  const ended = new Map(revocations.map(({ id }) => [id, titles.endingsOf(id).slice()]));
  for (const act of revocations) {
    if (!stewards.voices.has(act.hash))
      endByItself(act, ended.get(act.id) ?? [], parts, titles, idle);
  }
  const admitted = new Map<EntryHash, Did[]>();
  for (const act of acts) {
    const given =
      act.kind === 'grant'
        ? granted(act, parts, titles)
        : act.kind === 'admit'
          ? admission(act, parts, titles, admitted)
          : undefined;
    if (typeof given === 'string') idle.set(act.hash, given);
    else if (given !== undefined) titles.grant(given);
  }
  return { idle, admitted };
}

function endBySteward(
  act: Act<'revoke'>,
  { enactedLists }: RightsParts,
  titles: Titles,
  idle: Map<EntryHash, string>,
): void {
  const { proposal } = act.body;
  if (proposal !== null && !enactedLists.has(toEntryHash(proposal))) {
    idle.set(act.hash, 'the proposal that allows its last entries is not in force');
    return;
  }
  titles.end(endingOf(act));
}

/**
 * A member's own revocation counts unless a steward's ended the member first. It is not measured
 * against the member's others, of which each would end the rest.
 */
function endByItself(
  act: Act<'revoke'>,
  endings: readonly Ending[],
  { placeOf, isInPast }: RightsParts,
  titles: Titles,
  idle: Map<EntryHash, string>,
): void {
  const place = placeOf(act);
  const isEnded = endings.some(
    (ending) =>
      (ending.key === null || ending.key === act.author) &&
      !ending.keeps(place) &&
      !ending.sources.some((end) => isInPast(end, act.hash)),
  );
  if (isEnded) idle.set(act.hash, 'its author was revoked');
  else titles.end(endingOf(act));
}

function endingOf({ hash, body }: Act<'revoke'>): Ending {
  const keeps = (place: Place) => place.hash === hash || isKept(place, body.last);
  return { id: body.id, key: body.key, sources: [hash], isOfSeats: false, keeps };
}

function granted(act: Act<'grant'>, parts: RightsParts, titles: Titles): Grant | string {
  const { id, key, role, organisation, replica } = act.body;
  const owner = titles.ownerOf(key);
  if (owner !== undefined && owner !== id) return `${key} is a key of ${owner}`;
  const isOwn = act.id === id && act.author !== key;
  if (!parts.stewards.voices.has(act.hash)) {
    const title = titles.at(act.author, parts.placeOf(act));
    if (title?.use !== 'home') return 'its author was revoked';
    if (!isOwn || !covers(title.roles, role)) return 'only a steward grants this';
  }
  const source = [act.hash];
  const use = isOwn ? 'browser' : 'home';
  return {
    id,
    key,
    role,
    organisation,
    replica,
    use,
    sources: source,
    from: source,
    clock: act.clock,
  };
}

function admission(
  act: Act<'admit'>,
  parts: RightsParts,
  titles: Titles,
  admitted: Map<EntryHash, Did[]>,
): Grant | string {
  const { byHash, stewards, placeOf } = parts;
  const { id } = act.body;
  const hash = entryOf(act.body.invitation);
  const invitation = byHash.get(hash);
  if (invitation?.kind !== 'invitation') return 'it names no invitation';
  if (!stewards.voices.has(hash)) return 'its invitation does not stand';
  const isSteward = stewards.voices.has(act.hash);
  const title = isSteward ? undefined : titles.at(act.author, placeOf(act));
  if (!isSteward && (title?.use !== 'home' || !title.roles.includes('partner'))) {
    return 'its author was neither steward nor partner';
  }
  const owner = titles.ownerOf(id);
  if (owner !== undefined && owner !== id) return `${id} is a key of ${owner}`;
  const others = (admitted.get(hash) ?? []).filter((other) => other !== id);
  admitted.set(hash, [...others, id]);
  const { role, organisation, replica } = invitation.body;
  return {
    ...{ id, key: id, role, organisation, replica, use: 'home', clock: act.clock },
    ...{ sources: [act.hash], from: [hash] },
  };
}
