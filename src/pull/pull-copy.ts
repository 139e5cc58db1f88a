import { CID } from 'multiformats/cid';
import { type Cid, parseCid } from '../core/cid.ts';
import { listDag } from '../core/dag/list-dag.ts';
import { readDagFile } from '../core/dag/read-dag-file.ts';
import { MAX_MANIFEST_BYTES } from '../core/dataset/manifest-file.ts';
import type { Did } from '../core/entries/did-key.ts';
import type { WantedFile } from './agree.ts';
import { blockHolder } from './block-holder.ts';
import type { BlockSource } from './block-source.ts';
import { fetchFiles, type PullTelling } from './fetch-files.ts';
import { checkChecksums, finishPull, pulledOf, refuseOther } from './finish-pull.ts';
import { checkKey, type KnownKeys } from './known-keys.ts';
import type { PullParts } from './parts.ts';
import { PullFolder } from './pull-folder.ts';
import type { PullDone } from './pull-release.ts';

export interface CopyRequest {
  readonly release: Cid;
  readonly folder: string;
  /** Files that come at once. */
  readonly parallel: number;
  /** Who must have cut it; whoever is seen first where that is not said. */
  readonly curator?: Did | undefined;
}

/**
 * Brings a release into a folder as it was cut, block by block, from whoever gives its blocks. Whether
 * something was withdrawn since nobody says, so the folder counts as confirmed by no node. A node of an archive
 * gives nobody a release that something was withdrawn from; others that have a copy do.
 *
 * @throws {ArchiveError} as {@link BlockSource.get}; `release_invalid`; `export_conflict`, `busy`, `disk_full`.
 */
export async function pullCopy(
  { release, folder: path, parallel, curator }: CopyRequest,
  source: BlockSource,
  parts: PullParts & { readonly keys: KnownKeys },
  telling: PullTelling,
): Promise<PullDone> {
  const { signal, notice } = telling;
  const sealed = await readSealed(release, source, parts, signal);
  const { manifest } = sealed;
  const of = `the curator of ${manifest.name} at ${source.name}`;
  const shown = { key: manifest.curator.did, of, named: curator, option: '--curator' };
  await checkKey(shown, parts.keys, notice);
  await using folder = await PullFolder.open(path);
  refuseOther(folder, release);
  const holders = [blockHolder(source, signal)];
  const named = Object.entries(manifest.files).map(([name, file]) => ({ name, ...file }));
  const wanted = [...manifest.shards, ...named].map((file): WantedFile => {
    return { ...file, release, withheld: new Set(), holders };
  });
  const files = await fetchFiles(wanted, folder, { parallel, earlier: undefined }, parts, telling);
  await checkChecksums(files, folder);
  const told = { release, nodes: [], copiedFrom: source.name, receipt: null, withheld: [] };
  const pulled = pulledOf(sealed, told, files, parts);
  await finishPull(sealed, pulled, folder);
  notice(
    'This is the release as it was cut. Nobody has said what was withdrawn since: before it is used, run "check" with --from and the URL of the curator’s node.',
  );
  const fetched = files.filter(({ isFetched }) => isFetched).length;
  return { folder: path, pulled, fetched, skipped: null };
}

function readSealed(release: Cid, source: BlockSource, parts: PullParts, signal: AbortSignal) {
  const blocks = { get: (cid: CID) => source.get(parseCid(cid.toString()), signal) };
  return parts.readManifest(release, {
    async *list(root) {
      for await (const { name, cid } of listDag(blocks, CID.parse(root))) {
        yield { name, cid: parseCid(cid.toString()) };
      }
    },
    read: (cid) =>
      readDagFile(blocks, { cid: CID.parse(cid) }, { from: 0, to: MAX_MANIFEST_BYTES - 1 }),
  });
}
