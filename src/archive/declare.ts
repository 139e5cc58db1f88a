import { encodeRecord } from '../core/statements/record.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Archive } from './archive.ts';
import type { Subject } from './claims/subject.ts';
import { timestampOf } from './now.ts';
import { sourceTypeUri } from './source-type-named.ts';

export interface DeclareRequest {
  readonly subject: Subject;
  /** Digital source type as a URI, or the last part of one. */
  readonly sourceType: string;
  /** Whether output of a generative model went in: none, or not said. */
  readonly generative: 'none' | 'unstated';
  readonly tools: readonly string[];
  readonly note: string | undefined;
}

/**
 * Records this home's word on how assets came to be; durable when the promise resolves.
 *
 * It is a claim: only a declaration signed by the maker's own key, with a stated identity, is
 * evidence of class D.
 *
 * @throws {ArchiveError} `usage_invalid` for an unknown or retired digital source type.
 */
export async function declare(
  request: DeclareRequest,
  {
    ledger,
    catalog,
    clock,
    randomBytes,
    sha256,
  }: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<{ readonly entry: string; readonly assets: number }> {
  const note =
    request.note === undefined
      ? undefined
      : encodeRecord({ type: 'note', text: request.note }, randomBytes(16), sha256);
  const { about, members, documents } = request.subject;
  const statement = createStatement('declaration', about, timestampOf(clock), {
    digitalSourceType: sourceTypeUri(request.sourceType),
    generative: request.generative,
    tools: [...new Set(request.tools)].sort(),
    makers: [],
    identity: null,
    record: note?.cid ?? null,
  });
  const { entry } = await ledger.append({
    statements: [statement],
    records: note === undefined ? [] : [note],
    documents,
  });
  await catalog.catchUp();
  return { entry, assets: members.length };
}
