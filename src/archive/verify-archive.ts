import type { ContentProblem } from '../core/ports/content-store.ts';
import type { LedgerProblem } from '../core/ports/ledger.ts';
import type { Archive } from './archive.ts';

export type Problem = ContentProblem | LedgerProblem;

export interface VerifyReport {
  readonly ok: boolean;
  /** Blocks in the packs. */
  readonly blocks: number;
  /** Entries in the ledger. */
  readonly entries: number;
  /** What is wrong; the first 10,000. */
  readonly problems: readonly Problem[];
}

/** After so many problems the list says nothing new. */
const MAX_PROBLEMS = 10_000;

/**
 * Recomputes the archive from its packs and its ledger, without the catalog: every block by its CID,
 * every entry by the acceptance rules, and for every deposit that this home made that its bytes are here,
 * of the size it says. Of what others deposited, what is held is checked the same way. What is served
 * beside the archive is read again as well.
 */
export async function verifyArchive(
  { content, served, ledger }: Pick<Archive, 'content' | 'served' | 'ledger'>,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: {
      readonly bytes: number;
      readonly expectedBytes: number;
    }) => void;
  } = {},
): Promise<VerifyReport> {
  const { signal, onProgress } = options;
  const problems: Problem[] = [];
  const { blocks, bytes: expectedBytes } = await content.stats();
  const watched = {
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ bytes }: { readonly bytes: number }) => onProgress?.({ bytes, expectedBytes }),
  };
  for await (const problem of content.verify(watched)) keep(problems, problem);
  for await (const problem of ledger.verify(signal === undefined ? {} : { signal })) {
    keep(problems, problem);
  }
  for await (const problem of served.verify(signal === undefined ? {} : { signal })) {
    keep(problems, problem);
  }
  if (problems.length === 0) {
    for await (const problem of missingAssets({ content, ledger }, signal)) keep(problems, problem);
  }
  return { ok: problems.length === 0, blocks, entries: ledger.size(), problems };
}

/** Only over a ledger that is sound: a damaged one cannot be asked what it says. */
async function* missingAssets(
  { content, ledger }: Pick<Archive, 'content' | 'ledger'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Problem> {
  // Who adopts an entry speaks for it, but the bytes lie where it was written.
  for await (const { standing, author } of ledger.arrivals(0)) {
    signal?.throwIfAborted();
    for (const { id, statement } of standing) {
      if (statement.kind !== 'deposit' || statement.about === null || 'set' in statement.about)
        continue;
      const { asset } = statement.about;
      const found = await content.stat(asset);
      if (found === undefined) {
        if (author !== ledger.self.did) continue;
        yield {
          code: 'block_missing',
          subject: asset,
          text: `deposit ${id} says that ${asset} is here, and it is not; restore the packs from a copy`,
        };
      } else if (found.size !== statement.body.size) {
        yield {
          code: 'block_corrupt',
          subject: asset,
          text: `deposit ${id} says ${statement.body.size} bytes, the stored file has ${found.size}`,
        };
      }
    }
  }
}

function keep(problems: Problem[], problem: Problem): void {
  if (problems.length < MAX_PROBLEMS) problems.push(problem);
}
