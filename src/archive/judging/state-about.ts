import type { Cid } from '../../core/cid.ts';
import type { Block } from '../../core/statements/block.ts';
import type { BodyOf, KindName } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import type { Subject } from '../claims/subject.ts';
import { timestampOf } from '../now.ts';

/** What was recorded. */
export interface Stated {
  readonly entry: string;
  readonly id: string;
  readonly assets: number;
}

/**
 * Records one statement about an asset or a set, with a note in a record of its own, where it can be
 * erased. Durable, and in the catalog, when the promise resolves.
 *
 * @throws {ArchiveError} `statement_rejected` if this home may not say so.
 */
export async function stateAbout<K extends KindName>(
  kind: K,
  bodyWith: (record: Cid | null) => BodyOf<K>,
  { subject, note, documents = [] }: Saying,
  { ledger, catalog, clock, randomBytes, sha256 }: Parts,
): Promise<Stated> {
  const record =
    note === undefined
      ? undefined
      : encodeRecord({ type: 'note', text: note }, randomBytes(16), sha256);
  const body = bodyWith(record?.cid ?? null);
  const { entry, ids } = await ledger.append({
    statements: [createStatement(kind, subject.about, timestampOf(clock), body)],
    records: record === undefined ? [] : [record],
    documents: [...subject.documents, ...documents],
  });
  await catalog.catchUp();
  return { entry, id: ids[0] ?? '', assets: subject.members.length };
}

interface Saying {
  readonly subject: Subject;
  readonly note: string | undefined;
  /** Documents that the statement names, beside those of its set. */
  readonly documents?: readonly Block[];
}

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;
