import type { Cid } from '../core/cid.ts';
import type { Block } from '../core/statements/block.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import type { BodyOf, KindName } from '../core/statements/kinds.ts';
import { encodeRecord, type RecordData } from '../core/statements/record.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Archive } from './archive.ts';
import type { Subject } from './claims/subject.ts';
import { timestampOf } from './now.ts';

/** What was recorded. */
export interface Stated {
  readonly entry: EntryHash;
  readonly id: string;
  readonly assets: number;
}

interface Saying {
  readonly subject: Subject;
  /** Words that lie in a record of their own, where they can be erased. */
  readonly record?: RecordData | undefined;
  /** Documents that the statement names, beside those of its set. */
  readonly documents?: readonly Block[];
}

/**
 * Records one statement of this home about an asset or a set. Durable, and in the catalog, when the
 * promise resolves.
 *
 * @throws {ArchiveError} `statement_rejected` if this home may not say so.
 */
export async function stateAbout<K extends KindName>(
  kind: K,
  bodyWith: (record: Cid | null) => BodyOf<K>,
  { subject, record: words, documents = [] }: Saying,
  {
    ledger,
    catalog,
    clock,
    randomBytes,
    sha256,
  }: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<Stated> {
  const record = words === undefined ? undefined : encodeRecord(words, randomBytes(16), sha256);
  const body = bodyWith(record?.cid ?? null);
  const { entry, ids } = await ledger.append({
    statements: [createStatement(kind, subject.about, timestampOf(clock), body)],
    records: record === undefined ? [] : [record],
    documents: [...subject.documents, ...documents],
  });
  await catalog.catchUp();
  return { entry, id: ids[0] ?? '', assets: subject.members.length };
}

/** Returns the subject that is one asset. */
export function oneAsset(asset: Cid): Subject {
  return { about: { asset }, members: [asset], documents: [] };
}

/** Returns what a record says that is a note; undefined without one. */
export function noteOf(text: string | undefined): RecordData | undefined {
  return text === undefined ? undefined : { type: 'note', text };
}
