import type { Cid } from '../../core/cid.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { encodeRecord, type RecordData } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

type Evidence = BodyOf<'evidence'>;

/** What was recorded; `id` is what a review names. */
export interface Substantiated extends Omit<Evidence, 'expires' | 'record'> {
  readonly entry: string;
  readonly id: string;
}

/**
 * Records evidence about an asset with what it rests on in a record, where it can be erased. Durable,
 * and in the catalog, when the promise resolves.
 *
 * @throws {ArchiveError} `statement_rejected` if this home may not say so.
 */
export async function substantiate(
  asset: Cid,
  said: Omit<Evidence, 'expires' | 'record'>,
  raw: Extract<RecordData, { type: 'finding' }>['raw'],
  { ledger, catalog, clock, randomBytes, sha256 }: Archive,
): Promise<Substantiated> {
  const record = encodeRecord({ type: 'finding', raw }, randomBytes(16), sha256);
  const body = { ...said, expires: null, record: record.cid };
  const { entry, ids } = await ledger.append({
    statements: [createStatement('evidence', { asset }, timestampOf(clock), body)],
    records: [record],
    documents: [],
  });
  await catalog.catchUp();
  return { ...said, entry, id: ids[0] ?? '' };
}
