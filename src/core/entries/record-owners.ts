import type { Cid } from '../cid.ts';
import type { StatementId } from '../statements/fields.ts';
import type { StatementOutline } from '../statements/statement.ts';
import type { Did } from './did-key.ts';
import { recordsOf } from './references.ts';

/** A collection by its salted id, as the author of a deposit has it. */
export interface OwnedCollection {
  readonly collection: string;
  readonly author: Did;
}

/**
 * What a record belongs to, which says who may have it: a collection, an asset or a set of them, whose
 * collections the catalog knows; or nothing but the archive.
 */
export type RecordOwner = OwnedCollection | { readonly asset: Cid } | { readonly set: Cid } | null;

/**
 * Yields the records that the statements of one entry name, each with what it belongs to. A record
 * comes once for each owner; who may have it through one of them may have it.
 *
 * A record about a deposit belongs to that deposit's collection; `collectionOf` tells it, and where it
 * cannot, nobody may have the record through that.
 */
export function* recordOwners(
  entry: { readonly author: Did; readonly statements: readonly StatementOutline[] },
  depositedIn: (deposit: StatementId) => OwnedCollection | undefined,
): Generator<{ readonly record: Cid; readonly owner: RecordOwner }, void> {
  const { author, statements } = entry;
  const collections = new Map<Cid, string>();
  for (const outline of statements) {
    const { about } = outline;
    const collection = collectionOf(outline);
    if (collection !== undefined && about !== null && 'asset' in about) {
      collections.set(about.asset, collection);
    }
  }
  for (const outline of statements) {
    for (const record of recordsOf(outline)) {
      for (const owner of ownersOf(outline)) yield { record, owner };
    }
  }

  function* ownersOf(outline: StatementOutline): Generator<RecordOwner, void> {
    const { about } = outline;
    const own = collectionOf(outline);
    const { deposit } = outline.body;
    if (own !== undefined) yield { collection: own, author };
    else if (typeof deposit === 'string') {
      const owner = depositedIn(deposit);
      if (owner !== undefined) yield owner;
    } else {
      const collection =
        about !== null && 'asset' in about ? collections.get(about.asset) : undefined;
      if (collection !== undefined) yield { collection, author };
      yield about;
    }
  }
}

/** Returns the salted id that deposits and collections say. */
export function collectionOf({ kind, v, body }: StatementOutline): string | undefined {
  if (v !== 1 || (kind !== 'deposit' && kind !== 'collection')) return undefined;
  const { collection } = body;
  return typeof collection === 'string' ? collection : undefined;
}
