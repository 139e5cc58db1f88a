import { basename } from 'node:path';
import { decode } from '@ipld/dag-pb';
import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, CODEC, cidFromDigest, codecOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ContentProblem } from '../../core/ports/content-store.ts';
import type { PackFiles } from '../packs/pack-files.ts';
import type { PackIndex } from '../packs/pack-index.ts';
import type { PackReader } from '../packs/pack-reader.ts';
import type { ScannedFrame } from '../packs/scan-pack.ts';
import { inTurns } from '../turn.ts';
import { indexProblems } from './index-problems.ts';
import { verifyPack } from './verify-pack.ts';

const SHA2_256 = 0x12;
const PROGRESS_BYTES = 8 * 1_048_576;

interface Store {
  readonly files: PackFiles;
  readonly index: PackIndex;
  readonly reader: PackReader;
  /** What was found when the store was opened. */
  readonly damage: readonly ContentProblem[];
}

interface VerifyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readonly bytes: number; readonly blocks: number }) => void;
}

/**
 * Reads every committed byte of every pack, compares with the index both ways, and yields what is
 * wrong. Memory does not grow with the store, unless blocks are missing.
 */
export async function* verifyStore(
  { files, index, reader, damage }: Store,
  { signal, onProgress }: VerifyOptions,
): AsyncGenerator<ContentProblem> {
  yield* damage;
  const faults = await indexProblems(index.path);
  for (const fault of faults) {
    const text = `the index ${index.path} is damaged (${fault}); move it away, and it is rebuilt`;
    yield { code: 'home_corrupt', subject: index.path, text };
  }
  const soundIndex = faults.length === 0 ? index : undefined;
  const missing = new Set<Cid>();
  /** Blocks that were destroyed, and have not been stored again. */
  const destroyed = new Set<Cid>();
  let bytes = 0;
  let blocks = 0;
  let reported = 0;
  const onFrame = (frame: ScannedFrame) => {
    bytes += frame.end - frame.start;
    if (frame.kind === 'block') blocks += 1;
    if (bytes - reported < PROGRESS_BYTES) return;
    reported = bytes;
    onProgress?.({ bytes, blocks });
  };
  const onNode = (node: Uint8Array) => {
    for (const child of soundIndex ? linksOf(node) : []) if (!reader.has(child)) missing.add(child);
  };
  for (const pack of packsToRead(files, soundIndex)) {
    const path = files.pathOf(pack.id);
    if (pack.surplus > 0) {
      const text = `${path} has ${pack.surplus} bytes behind what was stored; restore it from a copy`;
      yield { code: 'home_corrupt', subject: path, text };
    }
    const onDestroyed = (cid: Cid) => {
      if (!reader.has(cid)) destroyed.add(cid);
    };
    yield* verifyPack({ files, index: soundIndex, pack, signal, onFrame, onDestroyed, onNode });
  }
  onProgress?.({ bytes, blocks });
  const lost = missing.difference(destroyed);
  if (soundIndex !== undefined) yield* verifyRoots(soundIndex, reader, { lost, destroyed }, signal);
}

/**
 * Reads every committed byte of one pack, compares with the index, and yields what is wrong; of one that
 * is missing or cut short also that.
 */
export async function* verifyOnePack(
  { files, index, damage }: Store,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ContentProblem> {
  const known = index.packs.find(({ id }) => basename(files.pathOf(id)) === name);
  if (known === undefined) return;
  const path = files.pathOf(known.id);
  yield* damage.filter(({ subject }) => subject === path);
  if (files.get(known.id) === undefined) return;
  const pack = { id: known.id, length: Math.min(known.length, files.sizeOf(known.id)) };
  const quiet = { onFrame: () => {}, onDestroyed: () => {}, onNode: () => {} };
  yield* verifyPack({ files, index, pack, signal, ...quiet });
}

/** Returns the packs on disk, each with how much of it is committed, and what is too much. */
function packsToRead(
  files: PackFiles,
  index: PackIndex | undefined,
): { readonly id: number; readonly length: number; readonly surplus: number }[] {
  const committed = new Map(index?.packs.map(({ id, length }) => [id, length]));
  const last = files.ids.at(-1);
  return files.ids.map((id) => {
    const size = files.sizeOf(id);
    const length = Math.min(size, committed.get(id) ?? size);
    // Writing may be going on at the end of the last pack.
    return { id, length, surplus: id === last ? 0 : size - length };
  });
}

/**
 * Yields every root that is not here as a whole. A node's links were looked up when its pack was
 * read, so only if something is missing somewhere do the trees have to be walked.
 */
async function* verifyRoots(
  index: PackIndex,
  reader: PackReader,
  { lost: missing, destroyed }: Readonly<Record<'lost' | 'destroyed', ReadonlySet<Cid>>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ContentProblem> {
  // What was destroyed is not looked for.
  const whole = new Set(destroyed);
  for await (const root of inTurns(index.roots())) {
    throwIfAborted(signal);
    const top = reader.has(root) || destroyed.has(root) ? undefined : root;
    const lost = missing.size > 0 ? await firstMissing(reader, root, whole) : top;
    if (lost === undefined) continue;
    const text = `the root ${root} cannot be read as a whole: the block ${lost} is missing or damaged; put it again`;
    yield { code: 'block_missing', subject: root, text };
  }
}

/** Returns the first block below `root` that is missing; nodes found whole are not walked again. */
async function firstMissing(
  reader: PackReader,
  root: Cid,
  whole: Set<Cid>,
): Promise<Cid | undefined> {
  if (whole.has(root)) return undefined;
  if (!reader.has(root)) return root;
  if (codecOf(root) !== CODEC.dagPb) return undefined;
  const node = await reader.get(root).catch((error: unknown) => {
    if (error instanceof ArchiveError && error.code === 'block_corrupt') return undefined;
    throw error;
  });
  if (node === undefined) return root;
  for (const child of linksOf(node)) {
    const lost = await firstMissing(reader, child, whole);
    if (lost !== undefined) return lost;
  }
  whole.add(root);
  return undefined;
}

/** Returns what a dag-pb block links to, blocks of other hashes aside. */
function linksOf(bytes: Uint8Array): Cid[] {
  try {
    return decode(bytes).Links.flatMap(({ Hash }) => {
      return Hash.multihash.code === SHA2_256
        ? [cidFromDigest(Hash.code, Hash.multihash.digest)]
        : [];
    });
  } catch {
    // A block is what its sender called it; one that is no dag-pb links to nothing.
    return [];
  }
}
