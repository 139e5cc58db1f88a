import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { Split } from '../../core/dataset/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseMember } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { FileBlock } from '../../core/unixfs/file-node.ts';
import { digest } from '../digest.ts';
import type { PlacedMember } from '../members/place-member.ts';
import type { ReleaseContent } from '../release-content.ts';
import { createShardDag, type ShardDag } from './shard-dag.ts';
import { encodeSidecar, type SidecarRequest } from './sidecar.ts';

/** A sample in its shard. */
export interface ComposedSample extends PlacedMember {
  readonly shard: string;
  readonly ordinal: number;
  readonly offset: number;
  readonly sidecarOffset: number;
  readonly sidecarSize: number;
}

/** A shard whose blocks are put; its sha-256 needs a read of all its bytes. */
export interface ComposedShard {
  readonly name: string;
  readonly config: string;
  readonly split: Split;
  readonly cid: Cid;
  readonly size: number;
  readonly dagSize: number;
  readonly samples: number;
  readonly glueBytes: number;
}

export interface ComposeOptions {
  readonly request: SidecarRequest;
  /** Returns the size that shards of a configuration and split keep to. */
  readonly limitOf: (config: string, split: Split) => number;
  readonly onSample: (sample: ComposedSample) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Blocks put together: about a node's worth of samples. */
const BATCH_BLOCKS = 512;

const MOST_SHARDS = 1_000_000;

/**
 * Composes tar shards out of members that come sorted by configuration, split and order, and returns
 * them in that order. Costs time per member, not per byte: no asset is read. One shard's links are
 * in memory.
 *
 * @throws {ArchiveError} `release_invalid` naming the asset that comes twice.
 */
export async function composeShards(
  members: AsyncIterable<PlacedMember>,
  content: Pick<ReleaseContent, 'putBlock'>,
  { request, limitOf, onSample, signal }: ComposeOptions,
): Promise<readonly ComposedShard[]> {
  const shards: ComposedShard[] = [];
  let current: OpenShard | undefined;
  let previous: Cid | undefined;
  let waiting: FileBlock[] = [];
  const turn = takeTurns();

  async function put(blocks: readonly FileBlock[]): Promise<void> {
    waiting.push(...blocks);
    if (waiting.length >= BATCH_BLOCKS) await flush();
  }

  async function flush(): Promise<void> {
    throwIfAborted(signal);
    await Promise.all(waiting.map(({ cid, bytes }) => content.putBlock(cid, bytes)));
    waiting = [];
  }

  async function close({ dag, number, ...shard }: OpenShard): Promise<void> {
    const { root, blocks, glueBytes } = dag.finish();
    const { cid, fileSize: size, dagSize } = root;
    await put(blocks);
    shards.push({ ...shard, cid, size, dagSize, samples: dag.samples, glueBytes });
  }

  for await (const placed of members) {
    await turn();
    const { member, config, split, extension } = placed;
    refuseTwice(member, previous);
    previous = member.cid;
    const sidecar = encodeSidecar(member, request);
    if (current === undefined || current.config !== config || current.split !== split) {
      if (current !== undefined) await close(current);
      current = openShard(config, split, 0);
    } else if (current.dag.sizeWith(member.size, sidecar.length) > limitOf(config, split)) {
      await close(current);
      current = openShard(config, split, current.number + 1);
    }
    const { blocks, ...place } = current.dag.add({
      name: `${member.cid}.${extension}`,
      asset: { cid: member.cid, fileSize: member.size, dagSize: member.dagSize },
      sidecarName: `${member.cid}.json`,
      sidecar,
    });
    await put(blocks);
    await onSample({ ...placed, ...place, shard: current.name, sidecarSize: sidecar.length });
  }
  if (current !== undefined) await close(current);
  await flush();
  return shards;
}

interface OpenShard {
  readonly name: string;
  readonly config: string;
  readonly split: Split;
  readonly number: number;
  readonly dag: ShardDag;
}

function openShard(config: string, split: Split, number: number): OpenShard {
  if (number >= MOST_SHARDS) {
    throw new ArchiveError(
      'release_invalid',
      `${config} would have more than ${MOST_SHARDS} shards; narrow the release or allow larger shards`,
    );
  }
  const name = `${config}-${split}-${String(number).padStart(6, '0')}.tar`;
  return { name, config, split, number, dag: createShardDag(digest) };
}

function refuseTwice({ cid }: ReleaseMember, previous: Cid | undefined): void {
  if (cid !== previous) return;
  throw new ArchiveError('release_invalid', `asset ${cid} was given to the release twice`);
}
