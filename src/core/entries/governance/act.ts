import type { EntryHash } from '../../statements/fields.ts';
import type { BodyOf } from '../../statements/kinds.ts';
import type { Did } from '../did-key.ts';

/** The kinds by which members rule themselves. */
export type ActKind =
  | 'grant'
  | 'revoke'
  | 'invitation'
  | 'admit'
  | 'adopt'
  | 'proposal'
  | 'approval'
  | 'enactment';

/**
 * A governance statement that is sound by its own past: schema, role, references and whatever else
 * its past alone decides. An act that is not sound never counts, in no state.
 */
export type Act<K extends ActKind = ActKind> = {
  [Name in K]: {
    readonly hash: EntryHash;
    readonly clock: number;
    /** The key that wrote the entry. */
    readonly author: Did;
    /** The member whose key that is, by the fold of the act's past. */
    readonly id: Did;
    readonly kind: Name;
    readonly body: BodyOf<Name>;
  };
}[K];

/** Orders acts the same on every node, ancestors first: by clock, then by hash. */
export function compareActs(a: Act, b: Act): number {
  if (a.clock !== b.clock) return a.clock - b.clock;
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0;
}

/** Returns the entry that a statement lies in. */
export function entryOf(statement: string): EntryHash {
  // The schemas have read the id as an entry's hash, a slash and a place.
  return statement.slice(0, statement.indexOf('/')) as EntryHash;
}

/** Where an entry lies, as far as standing depends on it. */
export interface Place {
  readonly hash: EntryHash;
  /** Whether this act lies in its past. */
  has(act: EntryHash): boolean;
  /** Whether it lies in the past of that entry. */
  isBefore(entry: EntryHash): boolean;
}
