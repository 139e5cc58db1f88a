import type { Archive } from './archive.ts';
import type { Subject } from './claims/subject.ts';
import { sourceTypeUri } from './source-type-named.ts';
import { noteOf, type Stated, stateAbout } from './state-about.ts';

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
  { subject, note, ...words }: DeclareRequest,
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<Stated> {
  const body = {
    digitalSourceType: sourceTypeUri(words.sourceType),
    generative: words.generative,
    tools: [...new Set(words.tools)].sort(),
    makers: [],
    identity: null,
  };
  const saying = { subject, record: noteOf(note) };
  return stateAbout('declaration', (record) => ({ ...body, record }), saying, archive);
}
