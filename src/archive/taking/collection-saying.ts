import { OWN_ORGANISATION } from '../../core/sharing/readership.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import type { Collection } from './deposit-of.ts';

type Access = Pick<BodyOf<'collection'>, 'visibility' | 'readers'>;

/** Returns what names a collection, its name in a record, and says who may read it: at first its depositor's own. */
export function collectionSaying(
  { id, name }: Collection,
  {
    ledger,
    clock,
    randomBytes,
    sha256,
  }: Pick<Archive, 'ledger' | 'clock' | 'randomBytes' | 'sha256'>,
  { visibility, readers }: Access = { ...OWN_ORGANISATION, readers: [] },
): Saying {
  const salt = ledger.salt('collection', name);
  const record = encodeRecord({ type: 'name', name, salt }, randomBytes(16), sha256);
  const body = { collection: id, visibility, readers, record: record.cid };
  return {
    statement: createStatement('collection', null, timestampOf(clock), body),
    records: [record],
  };
}
