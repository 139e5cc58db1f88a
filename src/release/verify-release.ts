import type { Cid } from '../core/cid.ts';
import type { ReleaseManifest, ReleaseShard } from '../core/dataset/manifest.ts';
import { SEALS } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import { LEVELS, type Level } from '../core/policy/documents.ts';
import type { ReleaseProblem, ReleaseReport, VerifyOptions } from '../core/ports/release.ts';
import { filesOf, type ReadRelease } from './read-manifest.ts';
import type { ReleaseContent } from './release-content.ts';
import { type HashOptions, hashFile } from './shards/hash-shards.ts';
import { readShard } from './shards/read-shard.ts';
import { type ShardOrder, verifyShard } from './shards/verify-shard.ts';
import { wordsLeft } from './tables/words-left.ts';

/** What was counted in the shards, whatever the manifest says. */
interface Found {
  assets: number;
  bytes: number;
  readonly levels: Map<Level, number>;
  /** Removed assets that are gone, by the CID of their shard. */
  readonly gone: Map<Cid, Set<Cid>>;
}

/** Recomputes what a release claims; see `Releases.verify`. */
export async function verifyRelease(
  release: Cid,
  readManifest: (release: Cid) => Promise<ReadRelease>,
  content: ReleaseContent,
  options: VerifyOptions = {},
): Promise<ReleaseReport> {
  const problems: ReleaseProblem[] = [];
  const erased: string[] = [];
  const found: Found = { assets: 0, bytes: 0, levels: new Map(), gone: new Map() };
  const manifest = await attempt(SEALS.manifest, problems, async () => {
    return (await readManifest(release)).manifest;
  });
  if (manifest !== undefined) {
    await verifyShards(manifest, content, options, found, problems);
    // The counts of a shard that could not be read to its end say nothing.
    if (problems.length === 0) {
      await attempt(SEALS.manifest, problems, async () => compareCounts(manifest, found));
    }
    await verifyDigests(manifest, content, options, { gone: found.gone, erased, problems });
  }
  const { assets, bytes } = found;
  const shards = manifest?.shards.length ?? 0;
  const removed = found.gone.values().reduce((sum, { size }) => sum + size, 0);
  return { ok: problems.length === 0, assets, shards, bytes, removed, erased, problems };
}

async function verifyShards(
  manifest: ReleaseManifest,
  content: ReleaseContent,
  { signal, removed = new Set(), onRemoved }: VerifyOptions,
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
        removed,
        async onSample({ cid: asset, size, sidecar: { level } }, isGone) {
          found.assets += 1;
          found.bytes += size;
          found.levels.set(level, (found.levels.get(level) ?? 0) + 1);
          if (!isGone) return;
          found.gone.set(shard.cid, (found.gone.get(shard.cid) ?? new Set()).add(asset));
          await onRemoved?.({ asset, shard: shard.name, size });
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
  { signal, onProgress }: VerifyOptions,
  found: Pick<Found, 'gone'> & { readonly erased: string[]; readonly problems: ReleaseProblem[] },
): Promise<void> {
  const { gone, erased, problems } = found;
  const shards = new Map(manifest.shards.map((shard) => [shard.cid, shard]));
  const files = filesOf(manifest);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const broken = new Set(problems.map(({ subject }) => subject));
  let before = 0;
  for (const { name, cid, size, sha256 } of files) {
    const start = before;
    before += size;
    // Of a shard that was not read to its end nobody knows all the holes.
    if (broken.has(name)) continue;
    if ((await wordsLeft({ name, cid, size, sha256 }, content)) !== undefined) {
      erased.push(name);
      continue;
    }
    const onBytes = (read: number) =>
      onProgress?.({ step: 'hash', unit: 'bytes', done: start + read, total });
    const [shard, holes] = [shards.get(cid), gone.get(cid)];
    await attempt(name, problems, async () => {
      if (shard !== undefined && holes !== undefined) {
        await readAround(shard, holes, content, { signal, onBytes });
      } else if ((await hashFile({ cid, size }, content, { signal, onBytes })) !== sha256) {
        throw wrong('its sha-256 is not the one in release.json');
      }
    });
  }
}

/** Reads every asset of a shard that is left; that their blocks are right shows on the way. */
async function readAround(
  shard: ReleaseShard,
  gone: ReadonlySet<Cid>,
  content: ReleaseContent,
  { signal, onBytes }: HashOptions,
): Promise<void> {
  let before = 0;
  for await (const { cid, size } of readShard(shard, content, gone)) {
    const start = before;
    before += size;
    if (gone.has(cid)) continue;
    await hashFile({ cid, size }, content, {
      signal,
      onBytes: (done) => onBytes?.(start + done),
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
