import type { Charter } from '../entries/charter.ts';
import type { Did } from '../entries/did-key.ts';
import type { Entry } from '../entries/entry.ts';
import { fromHex } from '../hash.ts';
import type { VerifySignature } from '../ports/keys.ts';
import type { EntryHash } from '../statements/fields.ts';
import type { BodyOf, Role } from '../statements/kinds.ts';
import { readStatement } from '../statements/statement.ts';

/** A key, and what made it a member's. */
export interface ProvenMember {
  /** Whose key it is. */
  readonly id: Did;
  readonly organisation: string;
  readonly role: Role;
  /** A browser's key, given by the member itself: it signs envelopes, and makes nobody a member. */
  readonly isBrowser: boolean;
  /** The entry that grants or admits; undefined for the charter itself. */
  readonly by: EntryHash | undefined;
}

type Governing = { readonly hash: EntryHash; readonly entry: Entry };

/**
 * Returns the keys that these entries, on top of the charter, make members': by grants of stewards whom
 * the charter names, by admissions with their invitations, and by grants of members to keys of their own
 * browsers. Whether a right was taken away since is not looked at, nor whether the member's own roles reach
 * as far as what it gave its browser: entries that are not here may say so.
 */
export function provenMembers(
  charter: Charter,
  entries: readonly Governing[],
  verify: VerifySignature,
): ReadonlyMap<Did, ProvenMember> {
  const members = new Map<Did, ProvenMember>();
  const invitations = new Map<string, BodyOf<'invitation'>>();
  for (const { id, key, organisation } of charter.stewards) {
    const seat = { id, organisation, role: 'steward', isBrowser: false } as const;
    members.set(key, { ...seat, by: undefined });
  }
  // A later entry may rest on an earlier one, in any order in which they are given.
  for (let known = -1; known !== members.size + invitations.size; ) {
    known = members.size + invitations.size;
    for (const { hash, entry } of entries) {
      const author = members.get(entry.identity);
      if (author !== undefined && !author.isBrowser) take(hash, entry, author);
    }
  }
  return members;

  function take(hash: EntryHash, entry: Entry, author: ProvenMember): void {
    const reading =
      'statement' in entry.payload ? readStatement(entry.payload.statement) : undefined;
    if (reading?.outcome !== 'known') return;
    const { statement } = reading;
    if (statement.kind === 'grant') {
      const { id, key, organisation, role } = statement.body;
      const isOwn = id === author.id && key !== entry.identity;
      const isAllowed = author.role === 'steward' || isOwn;
      if (!isAllowed || members.has(key)) return;
      const granted = isOwn ? author.organisation : organisation;
      members.set(key, { id, organisation: granted, role, isBrowser: isOwn, by: hash });
    } else if (statement.kind === 'invitation' && author.role === 'steward') {
      invitations.set(`${hash}/0`, statement.body);
    } else if (statement.kind === 'admit') {
      const { invitation: name, id, proof } = statement.body;
      const invitation = invitations.get(name);
      const signature = fromHex(proof);
      if (invitation === undefined || signature === undefined || members.has(id)) return;
      if (!verify(invitation.key, new TextEncoder().encode(id), signature)) return;
      const { organisation, role } = invitation;
      members.set(id, { id, organisation, role, isBrowser: false, by: hash });
    }
  }
}
