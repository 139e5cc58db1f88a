import type { Cid } from '../core/cid.ts';
import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import { SEALS } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import { LEVELS, type Level } from '../core/policy/documents.ts';
import type { ReleaseOptions, ReleaseProblem, ReleaseReport } from '../core/ports/release.ts';
import { hashFile } from './hash-shards.ts';
import { filesOf, type ReadRelease } from './read-manifest.ts';
import type { ReleaseContent } from './release-content.ts';
import { type ShardOrder, verifyShard } from './verify-shard.ts';
import { wordsLeft } from './words-left.ts';

/** What was counted in the shards, whatever the manifest says. */
interface Found {
  assets: number;
  bytes: number;
  readonly levels: Map<Level, number>;
}

/** Recomputes what a release claims; see `Releases.verify`. */
export async function verifyRelease(
  release: Cid,
  readManifest: (release: Cid) => Promise<ReadRelease>,
  content: ReleaseContent,
  options: ReleaseOptions = {},
): Promise<ReleaseReport> {
  const problems: ReleaseProblem[] = [];
  const erased: string[] = [];
  const found: Found = { assets: 0, bytes: 0, levels: new Map() };
  const manifest = await attempt(SEALS.manifest, problems, async () => {
    return (await readManifest(release)).manifest;
  });
  if (manifest !== undefined) {
    await verifyShards(manifest, content, options, found, problems);
    // The counts of a shard that could not be read to its end say nothing.
    if (problems.length === 0) {
      await attempt(SEALS.manifest, problems, async () => compareCounts(manifest, found));
    }
    await verifyDigests(manifest, content, options, { erased, problems });
  }
  const { assets, bytes } = found;
  const shards = manifest?.shards.length ?? 0;
  return { ok: problems.length === 0, assets, shards, bytes, erased, problems };
}

async function verifyShards(
  manifest: ReleaseManifest,
  content: ReleaseContent,
  { signal }: ReleaseOptions,
  found: Found,
  problems: ReleaseProblem[],
): Promise<void> {
  const orders = new Map<string, ShardOrder>();
  for (const shard of manifest.shards) {
    const group = `${shard.config}/${shard.split}`;
    const order = await attempt(shard.name, problems, () =>
      verifyShard(shard, manifest, content, {
        previous: orders.get(group),
        signal,
        onSample({ size, sidecar: { level } }) {
          found.assets += 1;
          found.bytes += size;
          found.levels.set(level, (found.levels.get(level) ?? 0) + 1);
        },
      }),
    );
    // After a broken shard the next one is still held to its number.
    orders.set(group, order ?? { name: shard.name, last: orders.get(group)?.last ?? '' });
  }
}

async function verifyDigests(
  manifest: ReleaseManifest,
  content: ReleaseContent,
  { signal, onProgress }: ReleaseOptions,
  { erased, problems }: { readonly erased: string[]; readonly problems: ReleaseProblem[] },
): Promise<void> {
  const files = filesOf(manifest);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const { name, cid, size, sha256 } of files) {
    const start = before;
    before += size;
    if ((await wordsLeft({ name, cid, size, sha256 }, content)) !== undefined) {
      erased.push(name);
      continue;
    }
    const onBytes = (read: number) =>
      onProgress?.({ step: 'hash', unit: 'bytes', done: start + read, total });
    await attempt(name, problems, async () => {
      if ((await hashFile({ cid, size }, content, { signal, onBytes })) !== sha256) {
        throw wrong('its sha-256 is not the one in release.json');
      }
    });
  }
}

function compareCounts({ counts, shards }: ReleaseManifest, found: Found): void {
  const licences = Object.values(counts.licences).reduce((sum, count) => sum + count, 0);
  const agrees =
    counts.assets === found.assets &&
    counts.bytes === found.bytes &&
    counts.shards === shards.length &&
    licences === found.assets &&
    LEVELS.every((level) => (counts.levels[level] ?? 0) === (found.levels.get(level) ?? 0));
  if (!agrees) throw wrong('its counts are not those of the shards');
}

function wrong(what: string): ArchiveError {
  return new ArchiveError('release_invalid', what);
}

/** Runs a check; what it finds wrong is kept as a problem, and undefined returned. */
async function attempt<T>(
  subject: string,
  problems: ReleaseProblem[],
  check: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'aborted') throw error;
    problems.push({ code: error.code, subject, text: error.message });
    return undefined;
  }
}
