import { ArchiveError } from '../errors.ts';
import { KINDS, type Role } from '../statements/kinds.ts';
import type { Did } from './did-key.ts';
import type { Place } from './governance/act.ts';
import type { Governance } from './governance/fold.ts';
import { actsOf } from './governance/steward-acts.ts';
import type { Title } from './governance/titles.ts';
import type { Judgement } from './judge.ts';

/** A member as a state of the ledger knows it. */
export interface Member {
  /** Its first key. */
  readonly id: Did;
  /** Every key of a home of it that is in use, in the order of their names. */
  readonly keys: readonly Did[];
  /** Keys of browsers that it has given rights, which write no entries, likewise. */
  readonly browserKeys: readonly Did[];
  readonly organisation: string;
  readonly roles: readonly Role[];
  /** What it may hold: `all`, `eligible`, `collection:ID`, `media:TYPE` or `none`. */
  readonly replica: string;
}

/** Returns the members of a state, in the order of their ids. */
export function membersOf(state: Governance): readonly Member[] {
  return [...state.titles.ids()].sort().flatMap((id) => {
    const keys = keysInUse(id, state);
    const titles = keys.keys.flatMap((key) => state.titleOf(key) ?? []);
    const [newest] = titles;
    if (newest === undefined) return [];
    const { organisation, replica } = newest;
    const roles = [...new Set(titles.flatMap((title) => title.roles))].sort();
    return [{ id, ...keys, organisation, roles, replica }];
  });
}

/** Returns the member whose key this is, with the roles that this key has. */
export function memberWith(key: Did, state: Governance): Member | undefined {
  const title = state.titleOf(key);
  if (title === undefined) return undefined;
  const { id, organisation, roles, replica } = title;
  return { id, ...keysInUse(id, state), organisation, roles, replica };
}

/**
 * Returns the keys of browsers in use that a home's key has given rights, or one whose place it has taken:
 * not those of another home of the same member.
 */
export function browserKeysOf(home: Did, state: Governance): readonly Did[] {
  const member = memberWith(home, state);
  if (member === undefined) return [];
  const isElsewhere = (author: Did) => author !== home && member.keys.includes(author);
  const given = actsOf('grant', state.acts).filter(({ author }) => !isElsewhere(author));
  const keys = new Set(given.map(({ body }) => body.key));
  return member.browserKeys.filter((key) => keys.has(key));
}

function keysInUse(id: Did, state: Governance): Pick<Member, 'keys' | 'browserKeys'> {
  const keys = [...new Set(state.titles.grantsOf(id).map((grant) => grant.key))].sort();
  const usedBy = (use: Title['use']) => keys.filter((key) => state.titleOf(key)?.use === use);
  return { keys: usedBy('home'), browserKeys: usedBy('browser') };
}

/** Says whether a member may see entries, records and bytes: whoever only confirms checkpoints sees none. */
export function seesEntries({ roles }: Pick<Member, 'roles'>): boolean {
  return roles.some((role) => role !== 'witness');
}

/** Says whether a key may write entries: browser keys and witnesses write none. */
export function isAuthor(key: Did, state: Governance): boolean {
  const title = state.titleOf(key);
  return title?.use === 'home' && seesEntries(title);
}

/** What a home is told that would write and whose key gives no right to. */
export function strangerError(key: Did): ArchiveError {
  return new ArchiveError(
    'member_missing',
    `the key of this home, ${key}, is no member's, so it can read and not write; ` +
      'ask a steward for a grant, or a steward or partner to admit it',
  );
}

/**
 * Returns what is left of the judgements on an entry's statements in a state that holds more than the
 * entry's past: what its author, or the signer of an envelope, had no right to say after all is void,
 * unless a steward adopted it.
 */
export function standIn(
  state: Governance,
  entry: { readonly author: Did; readonly place: Place },
  judgements: readonly Judgement[],
): readonly Judgement[] {
  const author = state.titleAt(entry.author, entry.place);
  return judgements.map((judgement) => standing(judgement, author, state, entry.place));
}

function standing(
  judgement: Judgement,
  author: Title | undefined,
  state: Governance,
  place: Place,
): Judgement {
  if (judgement.outcome === 'void') return judgement;
  if (judgement.outcome === 'standing' && KINDS[judgement.statement.kind].governance) {
    const problem = state.problemOf(place.hash);
    return problem === undefined ? judgement : nothing(problem);
  }
  const adopter = state.adopterOf(place.hash);
  const isUnsaid = author?.use !== 'home';
  if (isUnsaid && adopter === undefined) return nothing('its author was revoked before it');
  if (judgement.outcome === 'unknown') return judgement;
  const { kind } = judgement.statement;
  const isSigned = judgement.once !== undefined;
  const speaker = isSigned ? state.titleAt(judgement.author, place) : author;
  if (isUnsaid || speaker === undefined) {
    if (adopter === undefined) return nothing('its signer was revoked before it');
    if (kind === 'checkpoint') return nothing("a checkpoint is its author's own word");
    const { author: by, organisation, roles } = adopter;
    return { ...judgement, author: by, organisation, roles };
  }
  if (judgement.roles.includes('maker')) return judgement;
  const allowed: readonly Role[] = KINDS[kind].roles;
  const roles = judgement.roles.filter((role) => speaker.roles.includes(role));
  if (roles.some((role) => allowed.includes(role))) return { ...judgement, roles };
  return nothing(`the grant that made its author ${judgement.roles.join(', ')} does not stand`);
}

function nothing(reason: string): Judgement {
  return { outcome: 'void', reason };
}
