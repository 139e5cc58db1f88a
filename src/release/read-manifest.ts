import type { Cid } from '../core/cid.ts';
import {
  MAX_MANIFEST_BYTES,
  parseManifest,
  type ReleaseManifest,
} from '../core/dataset/manifest.ts';
import { ArchiveError } from '../core/errors.ts';
import { toHex } from '../core/hash.ts';
import { checksums } from './checksums.ts';
import { digest } from './digest.ts';
import type { ReleaseContent } from './release-content.ts';
import { RELEASE_FILES } from './release-files.ts';

/** Most names that a directory is read to. */
const MOST_NAMES = 200_000;

/** A file of a release as its directory links to it and its manifest describes it. */
export interface ReleaseFile {
  readonly name: string;
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
}

/**
 * Returns a release's manifest together with its own bytes; see `Releases.manifest`.
 */
export async function readManifest(
  release: Cid,
  content: Pick<ReleaseContent, 'list' | 'read'>,
): Promise<{ readonly manifest: ReleaseManifest; readonly bytes: Uint8Array }> {
  const links = await linksOf(release, content);
  const own = links.get(RELEASE_FILES.manifest);
  if (own === undefined) throw invalid(release, 'it holds no release.json; is it a release?');
  const bytes = await readSmall(own, content);
  const manifest = parseManifest(bytes);
  const files = filesOf(manifest);
  for (const { name, cid } of files) {
    if (links.get(name) !== cid) {
      throw invalid(release, `its directory does not hold ${name} as release.json names it`);
    }
  }
  if (links.size !== files.length + 1) {
    throw invalid(release, 'its directory holds files that release.json does not name');
  }
  const sums = files.filter(({ name }) => name !== RELEASE_FILES.checksums);
  const expected = toHex(digest(Buffer.from(checksums(sums))));
  if (manifest.files[RELEASE_FILES.checksums]?.sha256 !== expected) {
    throw invalid(release, 'its SHA256SUMS does not list the digests of release.json');
  }
  return { manifest, bytes };
}

async function linksOf(
  release: Cid,
  content: Pick<ReleaseContent, 'list'>,
): Promise<ReadonlyMap<string, Cid>> {
  const links = new Map<string, Cid>();
  try {
    for await (const { name, cid } of content.list(release)) {
      if (links.has(name) || links.size === MOST_NAMES) {
        throw invalid(release, `its directory repeats ${JSON.stringify(name)}, or is too long`);
      }
      links.set(name, cid);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
    throw new ArchiveError(
      'input_invalid',
      `${release} is no release but something else; "release list" shows the releases`,
      { cause: error },
    );
  }
  return links;
}

/** Returns every file that a manifest names: the shards, then the others. */
export function filesOf({ shards, files }: ReleaseManifest): readonly ReleaseFile[] {
  return [...shards, ...Object.entries(files).map(([name, file]) => ({ name, ...file }))];
}

async function readSmall(cid: Cid, content: Pick<ReleaseContent, 'read'>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content.read(cid, { length: MAX_MANIFEST_BYTES + 1 })) {
    parts.push(Uint8Array.from(chunk));
    size += chunk.length;
  }
  if (size > MAX_MANIFEST_BYTES) {
    throw new ArchiveError('release_invalid', `release.json is larger than ${MAX_MANIFEST_BYTES}`);
  }
  return Buffer.concat(parts);
}

function invalid(release: Cid, what: string): ArchiveError {
  return new ArchiveError('release_invalid', `${release} is not a release: ${what}`);
}
