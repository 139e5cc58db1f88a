import type { EntryHash } from '../../statements/fields.ts';
import type { Role } from '../../statements/kinds.ts';
import type { Did } from '../did-key.ts';
import type { Place } from './act.ts';

/** What gives a key its rights: a seat among the stewards, a grant, or an admission. */
export interface Grant {
  readonly id: Did;
  readonly key: Did;
  readonly organisation: string;
  readonly role: Role;
  readonly replica: string;
  /** Browser keys sign envelopes and write no entries. */
  readonly use: 'home' | 'browser';
  /** The acts of which one must lie in an entry's past; none for the charter. */
  readonly sources: readonly EntryHash[];
  /** Where the granter stood: what lies in its past it had seen. */
  readonly from: readonly EntryHash[];
  readonly clock: number;
}

/** What takes rights away: a revocation, a removal from the stewards, a change of key. */
export interface Ending {
  readonly id: Did;
  /** One key, or null for all of the member's. */
  readonly key: Did | null;
  readonly sources: readonly EntryHash[];
  /** Whether seats among the stewards end by it. */
  readonly isOfSeats: boolean;
  /** Whether an entry of the member stands in spite of it. */
  keeps(place: Place): boolean;
}

/** What a key may do, in a state or in the past of an entry. */
export interface Title {
  readonly id: Did;
  readonly use: 'home' | 'browser';
  readonly roles: readonly Role[];
  readonly organisation: string;
  readonly replica: string;
}

/** Roles whose statements a steward may make as well. */
const WITHIN_STEWARD: readonly Role[] = ['archivist', 'reviewer'];

/** Says whether somebody with these roles may hand this one to a key of its own. */
export function covers(roles: readonly Role[], role: Role): boolean {
  return roles.includes(role) || (roles.includes('steward') && WITHIN_STEWARD.includes(role));
}

/** Grants and endings of one state, and which rights they leave whom. */
export class Titles {
  readonly #isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean;
  readonly #byKey = new Map<Did, Grant[]>();
  readonly #byId = new Map<Did, Grant[]>();
  readonly #endings = new Map<Did, Ending[]>();

  constructor(isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean) {
    this.#isInPast = isInPast;
  }

  grant(grant: Grant): void {
    push(this.#byKey, grant.key, grant);
    push(this.#byId, grant.id, grant);
  }

  end(ending: Ending): void {
    push(this.#endings, ending.id, ending);
  }

  keys(): Iterable<Did> {
    return this.#byKey.keys();
  }

  ids(): Iterable<Did> {
    return this.#byId.keys();
  }

  grantsOf(id: Did): readonly Grant[] {
    return this.#byId.get(id) ?? [];
  }

  grantsTo(key: Did): readonly Grant[] {
    return this.#byKey.get(key) ?? [];
  }

  endingsOf(id: Did): readonly Ending[] {
    return this.#endings.get(id) ?? [];
  }

  /** Returns whose key this is: that of the first grant that names it. */
  ownerOf(key: Did): Did | undefined {
    return this.#byKey.get(key)?.[0]?.id;
  }

  /** Returns what the key may do in an entry at this place; undefined if nothing. */
  at(key: Did, place: Place): Title | undefined {
    const live = this.grantsTo(key).filter((grant) => this.isLive(grant, place));
    const newest = live.at(-1);
    if (newest === undefined) return undefined;
    const home = live.filter((grant) => grant.use === 'home');
    if (home.length > 0) return toTitle(home, 'home');
    const owner = this.#rolesAt(newest.id, place);
    return toTitle(
      live.filter((grant) => covers(owner, grant.role)),
      'browser',
    );
  }

  /**
   * Says whether an entry at this place stands by this grant: it lies in the entry's past, and every
   * ending was either seen by the granter or keeps the entry (ledger.md §4).
   */
  isLive(grant: Grant, place: Place): boolean {
    if (grant.sources.length > 0 && !grant.sources.some((act) => place.has(act))) return false;
    return this.endingsOf(grant.id).every(
      (ending) => !this.#concerns(ending, grant) || ending.keeps(place),
    );
  }

  /** Whether the ending takes this grant away, but for the entries that it keeps. */
  #concerns(ending: Ending, grant: Grant): boolean {
    if (ending.key !== null && ending.key !== grant.key) return false;
    if (grant.role === 'steward' && !ending.isOfSeats) return false;
    return !ending.sources.some((end) => grant.from.some((from) => this.#isInPast(end, from)));
  }

  #rolesAt(id: Did, place: Place): readonly Role[] {
    const home = this.grantsOf(id).filter(
      (grant) => grant.use === 'home' && this.isLive(grant, place),
    );
    return home.map((grant) => grant.role);
  }
}

/**
 * Grants come in the order of their clocks, so the last says where the member belongs now; a seat among
 * the stewards says it before any other.
 */
function toTitle(grants: readonly Grant[], use: Title['use']): Title | undefined {
  const newest = grants.findLast(({ role }) => role === 'steward') ?? grants.at(-1);
  if (newest === undefined) return undefined;
  const { id, organisation, replica } = newest;
  const roles = [...new Set(grants.map((grant) => grant.role))].sort();
  return { id, use, roles, organisation, replica };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
