import { ArchiveError } from '../../core/errors.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { collectionSaying } from '../taking/collection-saying.ts';
import { collectionOf } from '../taking/deposit-of.ts';

export interface CollectionRequest {
  readonly name: string;
  readonly visibility: BodyOf<'collection'>['visibility'];
  /** Organisations that may read it beside this home's own. */
  readonly readers: readonly string[];
}

/**
 * Says who may read a collection that this organisation deposits into. What others have read by then
 * they have.
 *
 * @throws {ArchiveError} `statement_rejected` if the charter forbids public collections, `usage_invalid`.
 */
export async function setCollection(
  { name, visibility, readers }: CollectionRequest,
  parts: Pick<Archive, 'ledger' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<{ readonly entry: EntryHash; readonly collection: string }> {
  const { ledger } = parts;
  if (visibility === 'public' && !ledger.charter.publicAllowed) {
    throw new ArchiveError(
      'statement_rejected',
      'the charter of this archive forbids public collections',
    );
  }
  const collection = collectionOf(name, parts);
  const saying = collectionSaying(collection, parts, {
    visibility,
    readers: [...new Set(readers)].sort(),
  });
  const { statement, records = [] } = saying;
  const { entry } = await ledger.append({ statements: [statement], records, documents: [] });
  return { entry, collection: collection.id };
}
