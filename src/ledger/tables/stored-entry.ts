import type { Did } from '../../core/entries/did-key.ts';

/** Where an entry lies in this home's log. */
export interface Position {
  readonly arrival: number;
  readonly clock: number;
  /** Arrival number of the first entry of the unbranched stretch that this one is in. */
  readonly run: number;
  /** How many statements the entry holds. */
  readonly statements: number;
  /** Which governance entries lie in its past, as a row of `pasts`. */
  readonly past: number;
  /** Its number if it is a governance entry. */
  readonly rule: number | null;
}

/** A position with the entry's CID. */
export interface Named extends Position {
  readonly cid: Uint8Array;
}

export interface StoredEntry extends Position {
  readonly cid: Uint8Array;
  readonly author: Did;
  readonly matters: number;
  readonly bytes: Uint8Array;
}

/** Columns of `entries` that make a {@link Position}, for a query's text. */
export const POSITION = 'arrival, clock, run, statements, past, rule';

/** Columns of `entries` that make a {@link StoredEntry}. */
export const ENTRY = `${POSITION}, cid, author, matters, bytes`;
