import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { EntryHash, StatementId } from '../statements/fields.ts';
import type { BodyOf, KindName, Role } from '../statements/kinds.ts';
import type { About, Statement } from '../statements/statement.ts';
import type { Cosigner } from '../witnessing/cosigners.ts';

/** A statement that stands in a state of the ledger, with who made it and where. */
export interface StandingStatement {
  readonly id: StatementId;
  readonly entry: EntryHash;
  /** The entry's clock: an ancestor's is always smaller. */
  readonly clock: number;
  /** The entry's author; for a statement signed elsewhere by a member, that member. */
  readonly author: Did;
  readonly organisation: string;
  /** The author's roles in the statement's own past; `maker` alone for a carried statement. */
  readonly roles: readonly Role[];
  /** Organisations that have, in the state, confirmed a checkpoint over this statement. Sorted. */
  readonly witnesses: readonly string[];
  /** By when, by its own word, the first of them that did not make the statement had done so. */
  readonly witnessedSince?: string;
  /** Of a checkpoint: who confirmed it. */
  readonly cosigners?: readonly Cosigner[];
  readonly statement: Statement;
}

/** A statement of a kind or version that this program does not know. */
export interface UnknownStatement {
  readonly id: StatementId;
  readonly about: About;
  readonly kind: string;
}

/** One fact about one asset: a standing statement of one kind. */
export type Fact<K extends KindName> = Omit<StandingStatement, 'statement'> & {
  readonly at: string;
  /** Said of a set that the asset is in, not of the asset alone. */
  readonly bySet: boolean;
  /** Signed by an outsider's key in a carried envelope. */
  readonly carried: boolean;
  /** Of a carried statement: the record of its envelope, and the commitment to its signer. */
  readonly envelope?: { readonly record: Cid; readonly signer: string };
  readonly body: BodyOf<K>;
};

/** Kinds that say something about an asset. */
export type AssetKind = Exclude<
  KindName,
  | 'receipt'
  | 'model'
  | 'checkpoint'
  | 'timestamp'
  | 'collection'
  | 'grant'
  | 'revoke'
  | 'invitation'
  | 'admit'
  | 'adopt'
  | 'proposal'
  | 'approval'
  | 'enactment'
>;

/**
 * Everything that stands about one asset, by kind, each list sorted by statement id.
 *
 * A grow-only set of statements: the same whatever the order in which they arrived.
 */
export interface AssetFacts {
  readonly asset: Cid;
  readonly known: { readonly [K in AssetKind]?: readonly Fact<K>[] };
  readonly unknown: readonly UnknownStatement[];
}

/** Returns the facts of one kind; an empty list where there are none. */
export function factsOf<K extends AssetKind>(facts: AssetFacts, kind: K): readonly Fact<K>[] {
  // TypeScript does not see that indexing by K gives K's own list.
  return (facts.known[kind] as readonly Fact<K>[] | undefined) ?? [];
}
