import type { Role } from '../statements/kinds.ts';
import type { Charter } from './charter.ts';
import type { Did } from './did-key.ts';

/** A member as a state of the ledger knows it. */
export interface Member {
  /** Its first key. */
  readonly id: Did;
  /** Every key of it that is in use, in the order of their names. */
  readonly keys: readonly Did[];
  readonly organisation: string;
  readonly roles: readonly Role[];
  /** What it may hold: `all`, `eligible`, `collection:ID`, `media:TYPE` or `none`. */
  readonly replica: string;
}

/** Who may write what, in one state of the ledger. */
export interface Standing {
  /** Members by key; a member with several keys is there once for each. */
  readonly members: ReadonlyMap<Did, Member>;
}

/**
 * Returns who may write what in the state that `charter` alone makes: `fold(∅)` of ledger.md §3.
 *
 * This is the one place where members come from. Governance statements are accepted, kept and passed
 * on, and change nothing here: the archive has the members of its charter.
 */
export function fold(charter: Charter): Standing {
  const members = new Map<Did, Member>();
  for (const { id, key, organisation } of charter.stewards) {
    members.set(key, { id, keys: [key], organisation, roles: ['steward'], replica: 'all' });
  }
  return { members };
}
