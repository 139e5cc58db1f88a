import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, CODEC, codecOf, digestOf } from '../../core/cid.ts';
import type { ReleaseManifest, ReleaseShard } from '../../core/dataset/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { orderKey } from '../members/place-member.ts';
import type { ReleaseContent } from '../release-content.ts';
import { type HashOptions, hashFile } from './hash-shards.ts';
import { EMPTY_ASSET, type ReadSample, readShard } from './read-shard.ts';
import { brokenShard } from './sample-glue.ts';

/** What is carried from one shard of a configuration and split to its next. */
export interface ShardOrder {
  readonly name: string;
  /** Order key of the last sample. */
  readonly last: string;
}

/**
 * Checks every sample of a shard against its manifest, and tells each to `onSample`, with whether it is a
 * removed asset whose bytes are gone. Returns where the next shard of the same configuration and split has to go on.
 *
 * @throws {ArchiveError} `release_invalid`, `input_invalid`, `block_missing`, `block_corrupt`,
 * `aborted`.
 */
export async function verifyShard(
  shard: ReleaseShard,
  manifest: ReleaseManifest,
  content: Pick<ReleaseContent, 'getBlock' | 'stat' | 'read'>,
  options: {
    readonly previous: ShardOrder | undefined;
    readonly removed: ReadonlySet<Cid>;
    readonly onSample: (sample: ReadSample, isGone: boolean) => void | Promise<void>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ShardOrder> {
  const { previous, onSample, signal, removed } = options;
  const number = previous === undefined ? 0 : Number(previous.name.slice(-10, -4)) + 1;
  const name = `${shard.config}-${shard.split}-${String(number).padStart(6, '0')}.tar`;
  if (shard.name !== name) throw brokenShard(`${shard.name} stands where ${name} should`);
  let last = previous?.last ?? '';
  const turn = takeTurns();
  for await (const sample of readShard(shard, content, removed)) {
    throwIfAborted(signal);
    await turn();
    const { cid, size, extension, sidecar } = sample;
    const key = orderKey(manifest.seed, cid);
    if (key <= last) throw brokenShard(`${cid} comes twice, or not where the seed puts it`);
    last = key;
    if (!shard.config.endsWith(`-${extension}`)) {
      throw brokenShard(`${cid}.${extension} does not belong to configuration ${shard.config}`);
    }
    const isCutFor =
      sidecar.purpose === manifest.purpose &&
      sidecar.requester === manifest.requester &&
      sidecar.policy === manifest.policy.name;
    if (!isCutFor) {
      throw brokenShard(`the sidecar of ${cid} names another purpose, requester or policy`);
    }
    const sha256 =
      codecOf(cid) === CODEC.raw
        ? toHex(digestOf(cid))
        : await hashUnlessGone({ cid, size }, content, { signal, removed });
    if (sha256 !== undefined && sidecar.sha256 !== sha256) {
      throw brokenShard(`the sidecar of ${cid} has another sha-256`);
    }
    const isGone =
      sha256 === undefined ||
      (removed.has(cid) && cid !== EMPTY_ASSET && (await content.stat(cid)) === undefined);
    await onSample(sample, isGone);
  }
  return { name: shard.name, last };
}

/** Undefined for a removed asset that lacks blocks: they are destroyed from the leaves up. */
async function hashUnlessGone(
  file: { readonly cid: Cid; readonly size: number },
  content: Pick<ReleaseContent, 'read'>,
  { removed, ...options }: HashOptions & { readonly removed: ReadonlySet<Cid> },
): Promise<string | undefined> {
  try {
    return await hashFile(file, content, options);
  } catch (error) {
    const isMissing = error instanceof ArchiveError && error.code === 'block_missing';
    if (isMissing && removed.has(file.cid)) return undefined;
    throw error;
  }
}
