import { CODEC, cidFromDigest, digestOf } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { StoredFile } from '../core/ports/content-store.ts';
import { encodeLeaf, type FileBlock, type FileLink } from '../core/unixfs/file-node.ts';
import { createFileTree, PROFILE_LEAF_BYTES } from '../core/unixfs/file-tree.ts';
import { assertNotAborted } from './abort.ts';
import { LeafFailure, type LeafTask, type LeafWorkers } from './leaf-workers.ts';
import { DIGEST_BYTES } from './pack-format.ts';
import type { PackWriter } from './pack-writer.ts';
import { sha256 } from './sha256.ts';
import type { SourceFile } from './source-file.ts';
import { toSourceError, toStorageError } from './storage-error.ts';

/** What storing a file needs. */
export interface FileTarget {
  readonly writer: PackWriter;
  readonly workers: LeafWorkers;
}

/** Lookups between two turns of the event loop: some 20 ms of work. */
const LOOKUPS_PER_TURN = 2_000;

/** Stores bytes in memory as a file. Nothing is durable before the next commit. */
export async function putBytes(writer: PackWriter, bytes: Uint8Array): Promise<StoredFile> {
  const tree = createFileTree({ sha256 });
  let addedBytes = 0;
  const put = async (block: FileBlock, codec: number) => {
    addedBytes += await writer.put({ codec, digest: digestOf(block.cid), bytes: block.bytes });
  };
  for (let start = 0; start === 0 || start < bytes.length; start += PROFILE_LEAF_BYTES) {
    if (start > 0) await new Promise(setImmediate);
    const leaf = encodeLeaf(bytes.subarray(start, start + PROFILE_LEAF_BYTES), sha256);
    await put(leaf, CODEC.raw);
    for (const node of tree.add(leaf)) await put(node, CODEC.dagPb);
  }
  const { root, blocks } = tree.finish();
  for (const node of bytes.length > 0 ? blocks : []) await put(node, CODEC.dagPb);
  return { cid: root.cid, size: root.fileSize, dagSize: root.dagSize, addedBytes };
}

/**
 * Stores a file of more than one leaf: workers read, hash and write the leaves. If a file of the same
 * size is stored, it is hashed first, and written only if anything of it is missing.
 */
export async function putLargeFile(
  { writer, workers }: FileTarget,
  source: SourceFile,
  signal: AbortSignal | undefined,
): Promise<StoredFile> {
  const { size } = source;
  const leafCount = Math.ceil(size / PROFILE_LEAF_BYTES);
  const digests = new Uint8Array(new SharedArrayBuffer(leafCount * DIGEST_BYTES));
  const whole = { source: source.fd, fileSize: size, firstLeaf: 0, leafCount, digests, signal };
  let root: FileLink | undefined;

  async function run(task: LeafTask): Promise<void> {
    try {
      await workers.run(task);
    } catch (error) {
      if (!(error instanceof LeafFailure)) throw error;
      if (error.at === 'changed') throw source.changed();
      if (error.at === 'source' || task.run === undefined) throw toSourceError(source.name, error);
      throw toStorageError(task.run.path, error);
    }
  }

  const addedBytes = await writer.putLarge({
    size,
    digests,
    isWanted: async () => {
      assertNotAborted(signal);
      if (!writer.hasFileSize(size)) return true;
      await run({ ...whole, run: undefined });
      source.assertUnchanged();
      root = await findStored(writer, size, digests);
      return root === undefined;
    },
    writeLeaves: (place) => {
      const { firstLeaf, leafCount } = place;
      return run({ ...whole, firstLeaf, leafCount, run: place });
    },
    finish: function* () {
      source.assertUnchanged();
      assertNotAborted(signal);
      root = yield* nodesAbove(size, digests);
    },
  });
  if (root === undefined) throw new ArchiveError('internal', 'a file has no root');
  return { cid: root.cid, size, dagSize: root.dagSize, addedBytes };
}

/** Returns the file's root if every leaf and node of it is stored. */
async function findStored(
  writer: PackWriter,
  size: number,
  digests: Uint8Array,
): Promise<FileLink | undefined> {
  for (let leaf = 0; leaf * DIGEST_BYTES < digests.length; leaf += 1) {
    if (leaf % LOOKUPS_PER_TURN === 0) await new Promise(setImmediate);
    if (writer.find(digestAt(digests, leaf)) === undefined) return undefined;
  }
  const nodes = nodesAbove(size, digests);
  for (let next = nodes.next(); ; next = nodes.next()) {
    if (next.done) return next.value;
    if (writer.find(digestOf(next.value.cid)) === undefined) return undefined;
    await new Promise(setImmediate);
  }
}

/** Yields the nodes above a file's leaves, children before parents, and returns the link to its root. */
function* nodesAbove(size: number, digests: Uint8Array): Generator<FileBlock, FileLink> {
  const tree = createFileTree({ sha256 });
  for (let leaf = 0; leaf * DIGEST_BYTES < digests.length; leaf += 1) {
    const bytes = Math.min(PROFILE_LEAF_BYTES, size - leaf * PROFILE_LEAF_BYTES);
    const cid = cidFromDigest(CODEC.raw, digestAt(digests, leaf));
    yield* tree.add({ cid, fileSize: bytes, dagSize: bytes });
  }
  const { root, blocks } = tree.finish();
  yield* blocks;
  return root;
}

function digestAt(digests: Uint8Array, leaf: number): Uint8Array {
  return digests.slice(leaf * DIGEST_BYTES, (leaf + 1) * DIGEST_BYTES);
}
