import type { EntryHash } from '../../statements/fields.ts';
import type { BodyOf } from '../../statements/kinds.ts';
import type { Charter } from '../charter.ts';
import type { Did } from '../did-key.ts';
import type { Place } from './act.ts';
import type { Link } from './chain.ts';
import type { Titles } from './titles.ts';

export interface Seat {
  readonly id: Did;
  readonly key: Did;
  readonly organisation: string;
}

/** The stewards from one enactment to the next, and how many must approve a proposal. */
export interface Bench {
  readonly link: Link;
  readonly seats: readonly Seat[];
  readonly needed: number;
}

export function benchesOf(chain: readonly Link[], charter: Charter): readonly Bench[] {
  return chain.map((link) => {
    const { list: seats, quorum } = link.proposal?.body.stewards ?? {
      list: charter.stewards,
      quorum: charter.quorum,
    };
    return { link, seats, needed: neededOf(seats.length, quorum) };
  });
}

/** Returns how many of so many stewards must approve: more than half, or the quorum if that is greater. */
export function neededOf(stewards: number, quorum: number): number {
  return Math.max(Math.floor(stewards / 2) + 1, quorum);
}

/** Returns the stewards in force where these enactments have been seen. */
export function benchWhere(
  benches: readonly Bench[],
  has: (act: EntryHash) => boolean,
): Bench | undefined {
  const unseen = benches.findIndex(
    ({ link }) => link.proposal !== undefined && !link.enactments.some(has),
  );
  return unseen < 0 ? benches.at(-1) : benches[unseen - 1];
}

/** Gives every steward its seats, and ends those of whoever is removed or changes its key. */
export function seat(benches: readonly Bench[], titles: Titles): void {
  let before: readonly Seat[] = [];
  for (const { link, seats } of benches) {
    for (const old of before) vacate(old, seats, link, titles);
    for (const { id, key, organisation } of seats) {
      if (before.some((old) => isSameSeat(old, { id, key, organisation }))) continue;
      const { enactments } = link;
      titles.grant({
        ...{ id, key, organisation, role: 'steward', replica: 'all', use: 'home' },
        ...{ sources: enactments, from: enactments, clock: 0 },
      });
    }
    before = seats;
  }
}

function vacate(old: Seat, seats: readonly Seat[], link: Link, titles: Titles): void {
  const { enactments } = link;
  const next = seats.find(({ id }) => id === old.id);
  if (next === undefined) {
    const last = link.proposal?.body.stewards?.last.find(({ id }) => id === old.id)?.entries ?? [];
    const keeps = (place: Place) => isKept(place, last);
    titles.end({ id: old.id, key: null, sources: enactments, isOfSeats: true, keeps });
  } else if (next.key !== old.key) {
    // The key was the steward's own to the end: what an enactment has seen of it, stands.
    const keeps = (place: Place) => isKept(place, enactments);
    titles.end({ id: old.id, key: old.key, sources: enactments, isOfSeats: true, keeps });
  }
}

/** Says whether an entry is one of these or lies in the past of one. */
export function isKept(place: Place, last: readonly EntryHash[]): boolean {
  return last.some((entry) => place.hash === entry || place.isBefore(entry));
}

function isSameSeat(a: Seat, b: Seat): boolean {
  return a.id === b.id && a.key === b.key && a.organisation === b.organisation;
}

/** Says what is wrong with a new list of stewards, given the one it would replace. */
export function listProblem(
  proposed: NonNullable<BodyOf<'proposal'>['stewards']>,
  before: readonly Seat[],
): string | undefined {
  const { list, quorum, last } = proposed;
  if (new Set(list.map(({ id }) => id)).size < list.length) return 'it lists a steward twice';
  if (new Set(list.map(({ key }) => key)).size < list.length) return 'it lists a key twice';
  if (quorum > list.length) return 'its quorum is more than its stewards';
  const isTaken = list.some(({ id, key }) =>
    before.some((old) => old.key === key && old.id !== id),
  );
  if (isTaken) return 'it gives one steward the key of another';
  const named = new Set(last.map(({ id }) => id));
  if (named.size < last.length) return 'it names the last entries of one member twice';
  const stays = list.find(({ id }) => named.has(id));
  if (stays !== undefined) return `it names last entries of ${stays.id}, who stays`;
  const unnamed = before.find(({ id }) => !list.some((next) => next.id === id) && !named.has(id));
  return unnamed && `it removes ${unnamed.id} and does not name its last entries`;
}
