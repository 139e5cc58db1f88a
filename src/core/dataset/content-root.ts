import { type Cid, CODEC, cidFromDigest } from '../cid.ts';
import type { Sha256 } from '../hash.ts';
import { encodeJsonFile } from './canonical-json.ts';
import type { ReleaseManifest } from './manifest.ts';
import { ALIKE } from './release-files.ts';

/**
 * Returns what names the shards and tables of a release: the CID (raw, sha2-256) of the canonical JSON
 * of their names and CIDs, `{"LICENSES.csv":"bafk…",…}` and a newline. Nodes that cut the same assets
 * for the same purpose and requester under the same policy, state, time, seed and sizes get the same.
 */
export function contentRootOf(
  { shards, files }: Pick<ReleaseManifest, 'shards' | 'files'>,
  sha256: Sha256,
): Cid {
  const alike = Object.entries(files).filter(([name]) => ALIKE.includes(name));
  const named = [...shards, ...alike.map(([name, { cid }]) => ({ name, cid }))];
  const file = encodeJsonFile(Object.fromEntries(named.map(({ name, cid }) => [name, cid])));
  return cidFromDigest(CODEC.raw, sha256(file));
}
