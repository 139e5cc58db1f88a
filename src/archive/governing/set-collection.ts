import { ArchiveError } from '../../core/errors.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { say } from '../say.ts';
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
  const { ledger, randomBytes, sha256 } = parts;
  if (visibility === 'public' && !ledger.charter.publicAllowed) {
    throw new ArchiveError(
      'statement_rejected',
      'the charter of this archive forbids public collections',
    );
  }
  const collection = collectionOf(name, parts);
  const salt = ledger.salt('collection', collection.name);
  const record = encodeRecord(
    { type: 'name', name: collection.name, salt },
    randomBytes(16),
    sha256,
  );
  const body = {
    collection: collection.id,
    visibility,
    readers: [...new Set(readers)].sort(),
    record: record.cid,
  };
  const { entry } = await say('collection', body, parts, { records: [record] });
  return { entry, collection: collection.id };
}
