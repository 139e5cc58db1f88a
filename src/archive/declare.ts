import type { Cid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { parseSourceType, SOURCE_TYPES } from '../core/policy/source-types.ts';
import { encodeRecord } from '../core/statements/record.ts';
import { createSet } from '../core/statements/set.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Archive } from './archive.ts';
import { timestampOf } from './now.ts';

export interface DeclareRequest {
  readonly assets: readonly Cid[];
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
  const [only] = request.assets;
  const set = request.assets.length === 1 ? undefined : createSet(request.assets, sha256);
  const about = set === undefined && only !== undefined ? { asset: only } : set && { set: set.cid };
  const statement = createStatement('declaration', about ?? null, timestampOf(clock), {
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
    documents: set?.blocks ?? [],
  });
  await catalog.catchUp();
  return { entry, assets: request.assets.length };
}

function sourceTypeUri(text: string): string {
  const type = parseSourceType(text) ?? parseSourceType(`digsrctype:${text}`);
  if (type === undefined || type.retired) {
    const live = SOURCE_TYPES.filter((known) => !known.retired);
    throw new ArchiveError(
      'usage_invalid',
      `${JSON.stringify(text)} is no digital source type in use; one of ` +
        live.map((known) => known.uri.slice(known.uri.lastIndexOf('/') + 1)).join(', '),
    );
  }
  return type.uri;
}
