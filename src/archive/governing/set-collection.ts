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

/** So many names are told to whoever has mistyped one. */
const MOST_NAMES = 5;

/**
 * Refuses a name of which nothing has been said yet: mistyped, it would leave the collection that was meant
 * as it is, and answer as if it were done.
 *
 * @throws {ArchiveError} `not_found` with the names there are.
 */
export function refuseUnknown(
  name: string,
  parts: Pick<Archive, 'ledger' | 'sha256' | 'catalog'>,
): void {
  const all = parts.catalog.collections();
  const { id } = collectionOf(name, parts);
  if (all.some((one) => one.id === id)) return;
  const own = all
    .filter((one) => one.name !== '' && collectionOf(one.name, parts).id === one.id)
    .map((one) => JSON.stringify(one.name))
    .sort();
  const more = own.length > MOST_NAMES ? ' and more' : '';
  const known = own.length === 0 ? 'none yet' : `${own.slice(0, MOST_NAMES).join(', ')}${more}`;
  throw new ArchiveError(
    'not_found',
    `no work is in a collection ${JSON.stringify(name)}; there are: ${known} ("collection list"). ` +
      'To say it before the first work is in it, add --new',
  );
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
