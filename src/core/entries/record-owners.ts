import { type Cid, isCid } from '../cid.ts';
import type { StatementId } from '../statements/fields.ts';
import type { StatementOutline } from '../statements/statement.ts';
import { recordsOf } from './references.ts';

/**
 * What a record belongs to, which says who may have it: a collection by its salted id, a deposit, an
 * asset or a set of them, whose collections the catalog knows; or nothing but the archive.
 */
export type RecordOwner =
  | { readonly collection: string }
  | { readonly deposit: StatementId }
  | { readonly asset: Cid }
  | { readonly set: Cid }
  | null;

/**
 * Yields the records that the statements of one entry name, each with what it belongs to. A record
 * comes once for each owner; who may have it through one of them may have it.
 *
 * A pure function of the outlines, so whoever holds the entry can tell, and nothing need be stored.
 */
export function* recordOwners(
  statements: readonly StatementOutline[],
): Generator<{ readonly record: Cid; readonly owner: RecordOwner }, void> {
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
      const owner = ownerOf(outline);
      if (owner !== null && 'asset' in owner) {
        const collection = collections.get(owner.asset);
        if (collection !== undefined) yield { record, owner: { collection } };
      }
      yield { record, owner };
    }
  }
}

function ownerOf(outline: StatementOutline): RecordOwner {
  const collection = collectionOf(outline);
  if (collection !== undefined) return { collection };
  const deposit = outline.body['deposit'];
  if (typeof deposit === 'string' && !isCid(deposit)) return { deposit };
  return outline.about;
}

/** Deposits and collections say their salted id. */
function collectionOf({ kind, v, body }: StatementOutline): string | undefined {
  if (v !== 1 || (kind !== 'deposit' && kind !== 'collection')) return undefined;
  const { collection } = body;
  return typeof collection === 'string' ? collection : undefined;
}
