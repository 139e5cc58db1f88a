import type { Did } from '../../core/entries/did-key.ts';
import { fromEntryHash } from '../../core/entries/entry-hash.ts';
import type { Member } from '../../core/entries/standing.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { say } from '../say.ts';
import { type Proposed, propose } from './propose.ts';

type Parts = Pick<Archive, 'ledger' | 'clock' | 'randomBytes' | 'sha256'>;

/** What a verb about members has done: an entry, or a proposal that others must approve. */
export type Ruled = { readonly entry: EntryHash } | Proposed;

export interface GrantRequest {
  readonly key: Did;
  /** The member whose key it becomes; a new member where nothing is said. */
  readonly id?: Did | undefined;
  readonly role: BodyOf<'grant'>['role'] | 'steward';
  /** An organisation's id; a new organisation where nothing is said. */
  readonly organisation?: string | undefined;
  readonly replica: string;
  /** Kept in a record, where it can be erased. */
  readonly name?: string | undefined;
}

/**
 * Gives a key a role; a steward's seat takes a proposal.
 *
 * @throws {ArchiveError} `statement_rejected` if this home may not grant it.
 */
export async function grantMember(request: GrantRequest, parts: Parts): Promise<Ruled> {
  const { ledger, randomBytes, sha256 } = parts;
  const { key, role, replica, name } = request;
  const id = request.id ?? ledger.memberOf(key)?.id ?? key;
  const known = ledger.members().find((member) => member.id === id);
  const organisation = request.organisation ?? known?.organisation ?? toHex(randomBytes(16));
  if (role === 'steward') return seatSteward({ id, key, organisation }, parts);
  const record =
    name === undefined
      ? undefined
      : encodeRecord({ type: 'name', name, salt: randomBytes(16) }, randomBytes(16), sha256);
  const body = { id, key, organisation, role, replica, record: record?.cid ?? null };
  const { entry } = await say('grant', body, parts, { records: record ? [record] : [] });
  return { entry };
}

export interface RevokeRequest {
  readonly id: Did;
  /** One key only; all of the member's where nothing is said. */
  readonly key?: Did | undefined;
  /** An earlier entry up to which the member's stand, where a key was stolen: takes a proposal. */
  readonly last?: readonly EntryHash[] | undefined;
}

/**
 * Ends a member, one of its keys, or an invitation by its key. What the member wrote up to now stands;
 * a steward's removal, and an earlier `last`, take a proposal.
 *
 * @throws {ArchiveError} `not_found`, `statement_rejected`.
 */
export async function revokeMember(request: RevokeRequest, parts: Parts): Promise<Ruled> {
  const { ledger } = parts;
  const { id, key = null } = request;
  const { stewards, quorum, invitations } = ledger.governance();
  const isMember = ledger
    .members()
    .filter((member) => member.id === id)
    .some(({ keys, browserKeys }) => key === null || [...keys, ...browserKeys].includes(key));
  if (!isMember && !invitations.some((one) => one.key === id)) throw missing(key ?? id);
  const newest = ledger.lastEntriesOf(id, key);
  const last = request.last === undefined ? newest : [...request.last].sort();
  const seat = stewards.find((one) => one.id === id);
  if (seat !== undefined && (key === null || key === seat.key)) {
    const list = stewards.filter((one) => one !== seat);
    if (list.length === 0) {
      throw new ArchiveError(
        'statement_rejected',
        'the last steward cannot leave; seat another first',
      );
    }
    const change = {
      list,
      quorum: Math.min(quorum, list.length),
      last: [{ id, entries: [...last] }],
    };
    return propose({ topic: 'stewards', reason: 'removal', stewards: change }, parts);
  }
  const isEarlier = last.join() !== newest.join();
  if (isEarlier && allowing(id, last, parts) === undefined) {
    const change = { list: [...stewards], quorum, last: [{ id, entries: [...last] }] };
    const proposed = await propose(
      { topic: 'stewards', reason: 'stolen-key', stewards: change },
      parts,
    );
    if (proposed.status !== 'enacted') return proposed;
  }
  const allowed = isEarlier ? allowing(id, last, parts) : undefined;
  const proposal = allowed === undefined ? null : fromEntryHash(allowed);
  const { entry } = await say('revoke', { id, key, last: [...last], proposal }, parts);
  return { entry };
}

/** Returns the entry of a proposal that was enacted and names these last entries of the member. */
function allowing(id: Did, last: readonly EntryHash[], { ledger }: Parts): EntryHash | undefined {
  const found = ledger
    .governance()
    .proposals.find(
      ({ status, body }) =>
        (status === 'enacted' || status === 'replaced') &&
        body.stewards?.last.some((one) => one.id === id && one.entries.join() === last.join()),
    );
  // A statement's id is its entry's hash, a slash and a place.
  return found?.id.slice(0, found.id.indexOf('/')) as EntryHash | undefined;
}

/**
 * Replaces a key of a member by a new one of the same member: a grant and a revocation, or for a steward
 * a proposal. What the old key wrote up to now stands.
 *
 * @throws {ArchiveError} `not_found`, `statement_rejected`.
 */
export async function rotateKey(
  { old, key }: { readonly old: Did; readonly key: Did },
  parts: Parts,
): Promise<readonly Ruled[]> {
  const member = memberCalled(old, parts);
  const { id, organisation, replica, roles } = member;
  if (roles.includes('steward')) return [await seatSteward({ id, key, organisation }, parts)];
  const done: Ruled[] = [];
  for (const role of roles) {
    if (role === 'maker' || role === 'steward') continue;
    done.push(await grantMember({ key, id, role, organisation, replica }, parts));
  }
  done.push(await revokeMember({ id, key: old }, parts));
  return done;
}

/** Makes void entries stand as this steward's own. @throws {ArchiveError} `statement_rejected`. */
export async function adoptEntries(
  entries: readonly EntryHash[],
  parts: Parts,
): Promise<{ readonly entry: EntryHash }> {
  const { entry } = await say('adopt', { entries: [...new Set(entries)].sort() }, parts);
  return { entry };
}

/** Proposes a list of stewards with this seat: a new one, or a steward's new key. */
function seatSteward(
  seat: { readonly id: Did; readonly key: Did; readonly organisation: string },
  parts: Parts,
): Promise<Proposed> {
  const { stewards, quorum } = parts.ledger.governance();
  const others = stewards.filter((one) => one.id !== seat.id);
  const reason = others.length === stewards.length ? 'new-steward' : 'new-key';
  const change = { list: [...others, seat], quorum, last: [] };
  return propose({ topic: 'stewards', reason, stewards: change }, parts);
}

function memberCalled(key: Did, { ledger }: Parts): Member {
  const member = ledger.memberOf(key);
  if (member === undefined) throw missing(key);
  return member;
}

function missing(key: Did): ArchiveError {
  return new ArchiveError('not_found', `${key} is no member's key; "member list" names them`);
}
