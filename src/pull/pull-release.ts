import { checksums } from '../core/dataset/checksums.ts';
import { RELEASE_FILES } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Signer } from '../core/ports/keys.ts';
import { type Agreement, shardsOf } from './agree.ts';
import { type AskedNodes, askNodes } from './ask-nodes.ts';
import { askReceipt } from './ask-receipt.ts';
import { fetchFiles, type PullTelling } from './fetch-files.ts';
import { checkChecksums, finishPull, pulledOf, refuseOther } from './finish-pull.ts';
import type { KnownKeys } from './known-keys.ts';
import type { PullParts } from './parts.ts';
import { PullFolder } from './pull-folder.ts';
import type { Pulled } from './pulled.ts';
import type { EarlierPull } from './reuse-file.ts';
import { isUpToDate, openEarlier, writeSkips } from './update-folder.ts';
import { wantedTables } from './wanted-tables.ts';

export interface PullRequest extends AskedNodes {
  readonly folder: string;
  /** Files that come at once. */
  readonly parallel: number;
  /** A folder that was pulled before: what is the same comes from there. */
  readonly earlier?: string | undefined;
  /** Whether nothing is written where the earlier folder is what would be pulled. */
  readonly isOnlyNews?: boolean | undefined;
}

export interface PullDone {
  readonly folder: string;
  readonly pulled: Pulled;
  /** Files that were neither there nor in the earlier folder. */
  readonly fetched: number;
  /** Samples that a run which goes on with the earlier folder is to leave out; null without one. */
  readonly skipped: number | null;
}

/** How often a release may change while it is pulled. */
const MOST_CHANGES = 10;

/**
 * Brings a release into a folder, without what was withdrawn from it: every block hashed, every signature
 * checked. Broken off, it goes on where it was; the folder is whole once `pulled.json` is in it.
 *
 * @throws {ArchiveError} `peer_unreachable`, `peer_invalid` or `peer_equivocates` naming the node;
 * `release_invalid`; what a node says, such as `not_found`; `export_conflict` for a folder with something
 * else in it; `busy`, `disk_full`, `aborted`.
 */
export async function pullRelease(
  request: PullRequest,
  parts: PullParts & { readonly keys: KnownKeys; readonly signer: Signer },
  telling: PullTelling,
): Promise<PullDone> {
  const earlier = request.earlier === undefined ? undefined : await openEarlier(request.earlier);
  let agreement = await askNodes(request, parts, telling);
  if (request.isOnlyNews === true && earlier !== undefined && isUpToDate(earlier, agreement)) {
    return { ...earlier, fetched: 0, skipped: 0 };
  }
  await using folder = await PullFolder.open(request.folder);
  for (let changes = 0; ; changes += 1) {
    try {
      return await pullAgreed(agreement, folder, { ...request, earlier }, parts, telling);
    } catch (error) {
      const isNews = error instanceof ArchiveError && error.code === 'content_withdrawn';
      if (!isNews || error.retryable || changes === MOST_CHANGES) throw error;
      telling.notice('Something was withdrawn meanwhile; going on without it.');
      agreement = await askNodes(request, parts, telling);
    }
  }
}

async function pullAgreed(
  agreement: Agreement,
  folder: PullFolder,
  request: Pick<PullRequest, 'parallel'> & { readonly earlier: EarlierPull | undefined },
  parts: PullParts & { readonly signer: Signer },
  telling: PullTelling,
): Promise<PullDone> {
  const { release, offers, withdrawn } = agreement;
  const wanted = shardsOf(agreement, parts);
  refuseOther(folder, release);
  const shards = await fetchFiles(wanted, folder, request, parts, telling);
  const tables = await wantedTables(agreement, parts);
  const how = { ...request, before: shards };
  const files = [...shards, ...(await fetchFiles(tables ?? [], folder, how, parts, telling))];
  if (tables === undefined) {
    telling.notice('No node tells of just what is left: metadata and card are not pulled.');
    await folder.write(RELEASE_FILES.checksums, checksums(files));
  } else await checkChecksums(files, folder);
  const receipt = await askReceipt(agreement, files, parts, telling);
  const nodes = offers.map(({ source, word, files: { word: bytes } }) => ({
    ...{ url: source.name, node: word.node, revision: word.revision },
    word: Buffer.from(bytes).toString(),
  }));
  const told = { release, nodes, copiedFrom: null, receipt: receipt?.says.receipt ?? null };
  const withheld = [...withdrawn.values()];
  const pulled = pulledOf(agreement, { ...told, withheld }, files, parts);
  for (const [index, list] of (offers[0]?.files.lists ?? []).entries()) {
    await folder.write(`withdrawn/${index + 1}.json`, list);
  }
  if (receipt !== undefined) await folder.write('receipt.json', receipt.file);
  const { earlier } = request;
  const skipped = earlier && (await writeSkips(earlier, pulled, folder, telling.notice));
  await finishPull(agreement, pulled, folder);
  const fetched = files.filter(({ isFetched }) => isFetched).length;
  return { folder: folder.path, pulled, fetched, skipped: skipped ?? null };
}
