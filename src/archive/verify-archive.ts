import type { Cid } from '../core/cid.ts';
import type { ContentProblem } from '../core/ports/content-store.ts';
import type { LedgerProblem } from '../core/ports/ledger.ts';
import type { StatementId } from '../core/statements/fields.ts';
import type { About } from '../core/statements/statement.ts';
import { takeTurns } from '../core/take-turns.ts';
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

/**
 * Only over a ledger that is sound: a damaged one cannot be asked what it says. What this home has said to have
 * destroyed as removed is not missing.
 */
async function* missingAssets(
  { content, ledger }: Pick<Archive, 'content' | 'ledger'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Problem> {
  const missing = new Map<Cid, StatementId>();
  const removals = new Map<StatementId, NonNullable<About>>();
  const carriedOut = new Set<StatementId>();
  const turn = takeTurns();
  // Who adopts an entry speaks for it, but the bytes lie where it was written.
  for await (const { standing, author } of ledger.arrivals(0)) {
    signal?.throwIfAborted();
    const isOwn = author === ledger.self.did;
    for (const { id, statement } of standing) {
      const { kind, about, body } = statement;
      if (kind === 'removal' && about !== null) removals.set(id, about);
      if (kind === 'acknowledgement' && isOwn && body.outcome === 'done') carriedOut.add(body.of);
      if (kind !== 'deposit' || about === null || 'set' in about) continue;
      const { asset } = about;
      await turn();
      const found = await content.stat(asset);
      if (found === undefined) {
        if (isOwn) missing.set(asset, id);
      } else if (found.size !== body.size) {
        yield {
          code: 'block_corrupt',
          subject: asset,
          text: `deposit ${id} says ${body.size} bytes, the stored file has ${found.size}`,
        };
      }
    }
  }
  for (const [removal, about] of removals) {
    if (missing.size === 0) return;
    if (!carriedOut.has(removal)) continue;
    const members = 'asset' in about ? [about.asset] : await ledger.setMembers(about.set);
    for (const asset of members) missing.delete(asset);
  }
  for (const [asset, id] of missing) {
    await turn();
    yield {
      code: 'block_missing',
      subject: asset,
      text: `deposit ${id} says that ${asset} is here, and it is not; restore the packs from a copy`,
    };
  }
}

function keep(problems: Problem[], problem: Problem): void {
  if (problems.length < MAX_PROBLEMS) problems.push(problem);
}
