import { join } from 'node:path';
import { checksums } from '../core/dataset/checksums.ts';
import { RELEASE_FILES } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import { equalBytes } from '../core/hash.ts';
import type { FetchedFile } from './fetch-file.ts';
import type { PullParts, SealedManifest } from './parts.ts';
import { provenanceText } from './provenance-text.ts';
import type { PullFolder } from './pull-folder.ts';
import { PULLED, type Pulled } from './pulled.ts';
import { readIfThere } from './read-if-there.ts';

/** What was pulled, in other words than those of the manifest. */
type Told = Pick<Pulled, 'release' | 'nodes' | 'copiedFrom' | 'receipt' | 'withheld'>;

/** Returns `pulled.json` of a release whose files are here. */
export function pulledOf(
  { manifest }: Pick<SealedManifest, 'manifest'>,
  told: Told,
  files: readonly FetchedFile[],
  { now }: Pick<PullParts, 'now'>,
): Pulled {
  const { name, version, purpose, requester, policy, curator } = manifest;
  const shards = new Set(manifest.shards.map((shard) => shard.name));
  return {
    ...{ spec: 'ringfence/pulled/1', name, version, purpose, requester, policy },
    ...told,
    curator: curator.did,
    at: now(),
    files: files.map(({ name: file, cid, size, sha256 }) => ({
      ...{ name: file, cid, size, sha256, isShard: shards.has(file) },
    })),
  };
}

/** Writes what tells of a folder whose files are here; it is whole then. */
export async function finishPull(
  { manifest, seals }: SealedManifest,
  pulled: Pulled,
  folder: PullFolder,
): Promise<void> {
  await folder.write('PROVENANCE.md', provenanceText(manifest, pulled));
  for (const { name, bytes } of seals) await folder.write(name, bytes);
  await folder.write(PULLED, `${JSON.stringify(pulled, null, 2)}\n`);
  await folder.finish();
}

/**
 * Checks `SHA256SUMS` against the files that came: whoever signs for the tables of a revision has to have
 * read its shards.
 *
 * @throws {ArchiveError} `peer_invalid`.
 */
export async function checkChecksums(
  files: readonly FetchedFile[],
  { path }: Pick<PullFolder, 'path'>,
): Promise<void> {
  const own = RELEASE_FILES.checksums;
  const told = await readIfThere(join(path, own));
  const found = checksums(files.filter(({ name }) => name !== own));
  if (told !== undefined && equalBytes(told, Buffer.from(found))) return;
  const text = `${join(path, own)}, as the node has signed for it, has other digests than the files that came`;
  throw new ArchiveError('peer_invalid', text);
}

/** @throws {ArchiveError} `export_conflict` for a folder that another release was pulled into. */
export function refuseOther({ path, finished }: PullFolder, release: Pulled['release']): void {
  if (finished === undefined || finished.release === release) return;
  const text = `${path} holds another release; pull into another folder`;
  throw new ArchiveError('export_conflict', text);
}
