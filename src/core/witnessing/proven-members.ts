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
  readonly organisation: string;
  readonly role: Role;
  /** The entry that grants or admits; undefined for the charter itself. */
  readonly by: EntryHash | undefined;
}

type Governing = { readonly hash: EntryHash; readonly entry: Entry };

/**
 * Returns the keys that these entries, on top of the charter, make members': by grants of stewards whom
 * the charter names, and by admissions with their invitations. Whether a right was taken away since is
 * not looked at: entries that are not here may say so.
 */
export function provenMembers(
  charter: Charter,
  entries: readonly Governing[],
  verify: VerifySignature,
): ReadonlyMap<Did, ProvenMember> {
  const members = new Map<Did, ProvenMember>();
  const invitations = new Map<string, BodyOf<'invitation'>>();
  for (const { key, organisation } of charter.stewards) {
    members.set(key, { organisation, role: 'steward', by: undefined });
  }
  // A later entry may rest on an earlier one, in any order in which they are given.
  for (let known = -1; known !== members.size + invitations.size; ) {
    known = members.size + invitations.size;
    for (const { hash, entry } of entries) {
      const author = members.get(entry.identity);
      if (author !== undefined) take(hash, entry, author.role);
    }
  }
  return members;

  function take(hash: EntryHash, entry: Entry, role: Role): void {
    const reading =
      'statement' in entry.payload ? readStatement(entry.payload.statement) : undefined;
    if (reading?.outcome !== 'known') return;
    const { statement } = reading;
    if (statement.kind === 'grant' && role === 'steward') {
      const { key, organisation, role: granted } = statement.body;
      if (!members.has(key)) members.set(key, { organisation, role: granted, by: hash });
    } else if (statement.kind === 'invitation' && role === 'steward') {
      invitations.set(`${hash}/0`, statement.body);
    } else if (statement.kind === 'admit') {
      const { invitation: name, id, proof } = statement.body;
      const invitation = invitations.get(name);
      const signature = fromHex(proof);
      if (invitation === undefined || signature === undefined || members.has(id)) return;
      if (!verify(invitation.key, new TextEncoder().encode(id), signature)) return;
      const { organisation, role: granted } = invitation;
      members.set(id, { organisation, role: granted, by: hash });
    }
  }
}
