import { throwIfAborted } from '../../core/abort.ts';
import { CODEC, cidFromDigest, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { StoredFile } from '../../core/ports/content-store.ts';
import type { FileBlock, FileLink } from '../../core/unixfs/file-node.ts';
import { createFileTree, PROFILE_LEAF_BYTES } from '../../core/unixfs/file-tree.ts';
import { DIGEST_BYTES } from '../packs/pack-format.ts';
import type { PackWriter } from '../packs/pack-writer.ts';
import { sha256 } from '../sha256.ts';
import { toSourceError, toStorageError } from '../storage-error.ts';
import { inTurns, nextTurn } from '../turn.ts';
import { LeafFailure, type LeafTask, type LeafWorkers } from './leaf-workers.ts';
import type { SourceFile } from './source-file.ts';

/** What storing a file needs. */
export interface FileTarget {
  readonly writer: PackWriter;
  readonly workers: LeafWorkers;
}

/** Stores bytes in memory as a file. Nothing is durable before the next commit. */
export async function putBytes(writer: PackWriter, bytes: Uint8Array): Promise<StoredFile> {
  if (bytes.length <= PROFILE_LEAF_BYTES) return putLeaf(writer, bytes, sha256(bytes));
  const tree = createFileTree({ sha256 });
  let addedBytes = 0;
  const putNodes = async (nodes: readonly FileBlock[]) => {
    for (const { cid, bytes: node } of nodes) {
      addedBytes += await writer.put({ codec: CODEC.dagPb, digest: digestOf(cid), bytes: node });
    }
  };
  for (let start = 0; start < bytes.length; start += PROFILE_LEAF_BYTES) {
    await nextTurn();
    const part = bytes.subarray(start, start + PROFILE_LEAF_BYTES);
    const leaf = await putLeaf(writer, part, sha256(part));
    addedBytes += leaf.addedBytes;
    await putNodes(tree.add({ cid: leaf.cid, fileSize: leaf.size, dagSize: leaf.dagSize }));
  }
  const { root, blocks } = tree.finish();
  await putNodes(blocks);
  return { cid: root.cid, size: root.fileSize, dagSize: root.dagSize, addedBytes };
}

/** Stores a file of one block, whose sha-256 is known. Nothing is durable before the next commit. */
export async function putLeaf(
  writer: PackWriter,
  bytes: Uint8Array,
  digest: Uint8Array,
): Promise<StoredFile> {
  const addedBytes = await writer.put({ codec: CODEC.raw, digest, bytes });
  const cid = cidFromDigest(CODEC.raw, digest);
  return { cid, size: bytes.length, dagSize: bytes.length, addedBytes };
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
      throwIfAborted(signal);
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
      throwIfAborted(signal);
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
  for await (const digest of inTurns(leafDigests(digests))) {
    if (writer.find(digest) === undefined) return undefined;
  }
  const nodes = nodesAbove(size, digests);
  for (let next = nodes.next(); ; next = nodes.next()) {
    if (next.done) return next.value;
    if (writer.find(digestOf(next.value.cid)) === undefined) return undefined;
    await nextTurn();
  }
}

/** Yields the nodes above a file's leaves, children before parents, and returns the link to its root. */
function* nodesAbove(size: number, digests: Uint8Array): Generator<FileBlock, FileLink> {
  const tree = createFileTree({ sha256 });
  let left = size;
  for (const digest of leafDigests(digests)) {
    const bytes = Math.min(PROFILE_LEAF_BYTES, left);
    left -= bytes;
    const cid = cidFromDigest(CODEC.raw, digest);
    yield* tree.add({ cid, fileSize: bytes, dagSize: bytes });
  }
  const { root, blocks } = tree.finish();
  yield* blocks;
  return root;
}

function* leafDigests(digests: Uint8Array): IterableIterator<Uint8Array> {
  for (let at = 0; at < digests.length; at += DIGEST_BYTES) {
    yield digests.slice(at, at + DIGEST_BYTES);
  }
}
