import type { Cid } from '../../core/cid.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { RecordData } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { oneAsset, stateAbout } from '../state-about.ts';

type Evidence = BodyOf<'evidence'>;

/** What was recorded; `id` is what a review names. */
export interface Substantiated extends Omit<Evidence, 'expires' | 'record'> {
  readonly entry: EntryHash;
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
  archive: Archive,
): Promise<Substantiated> {
  const bodyWith = (record: Cid | null) => ({ ...said, expires: null, record });
  const saying = { subject: oneAsset(asset), record: { type: 'finding' as const, raw } };
  const { entry, id } = await stateAbout('evidence', bodyWith, saying, archive);
  return { ...said, entry, id };
}
