import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, CODEC, codecOf, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { childrenOf, type FilePart, isBlockDamage, wholeFile } from '../../core/unixfs/file-dag.ts';
import type { PackIndex } from '../packs/pack-index.ts';
import type { PackReader } from '../packs/pack-reader.ts';
import type { PackWriter } from '../packs/pack-writer.ts';
import { nextTurn } from '../turn.ts';
import { listDirectory } from './directories.ts';
import { statFile } from './read-file.ts';

interface Parts {
  readonly index: PackIndex;
  readonly reader: PackReader;
  readonly writer: PackWriter;
}

/**
 * Records for every block of files of several blocks which of them it is part of, and for the blocks of a
 * release that no asset has: its folder, the nodes of its shards, what stands between the assets. Reads
 * nodes and no leaf. What is damaged is left for later.
 */
export async function recordParts(parts: Parts, signal: AbortSignal | undefined): Promise<void> {
  const { index } = parts;
  for (let page = index.unreadRoots(); page.length > 0; page = index.unreadRoots(page.at(-1))) {
    for (const root of page) {
      await recordPartsOf(parts, root, signal);
      await nextTurn();
    }
  }
}

/** Does the same for one root, if it is one whose parts are not known. */
export async function recordPartsOf(parts: Parts, root: Cid, signal?: AbortSignal): Promise<void> {
  if (!parts.index.isUnread(root) || !(await recordFile(parts, root, signal))) return;
  await parts.writer.amend((changed) => changed.settleRoot(root));
}

/** Says whether there is nothing more to be known of it. What one node links to is one transaction. */
async function recordFile(
  { reader, writer, index }: Parts,
  root: Cid,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const tops = await topsOf(reader, root);
    if (tops === undefined) return false;
    const isRelease = tops[0]?.cid !== root;
    const stack = [...tops];
    const seen = new Set<Cid>();
    if (isRelease) await record(tops);
    for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
      throwIfAborted(signal);
      if (seen.has(part.cid)) continue;
      seen.add(part.cid);
      const below = childrenOf(part, await reader.get(part.cid));
      // Who may have an asset of a release is said of the asset.
      const children = isRelease ? below.filter(({ cid }) => !index.hasRoot(cid)) : below;
      await record(children);
      stack.push(...children.filter(({ cid }) => codecOf(cid) !== CODEC.raw));
    }
    return true;
  } catch (error) {
    if (isBlockDamage(error)) return false;
    if (error instanceof ArchiveError && error.code === 'input_invalid') return true;
    throw error;
  }

  async function record(parts: readonly FilePart[]): Promise<void> {
    const digests = parts.map(({ cid }) => digestOf(cid));
    await writer.amend((changed) => changed.addParts(root, digests));
  }
}

/** Returns the file that a root is, or those in the folder that it is; undefined if it is not here. */
async function topsOf(reader: PackReader, root: Cid): Promise<readonly FilePart[] | undefined> {
  try {
    const size = (await statFile(reader, root))?.size;
    return size === undefined ? undefined : [wholeFile(root, size)];
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
  }
  const files: FilePart[] = [];
  for await (const { cid } of listDirectory(reader, root)) {
    const size = (await statFile(reader, cid))?.size;
    if (size === undefined) return undefined;
    files.push(wholeFile(cid, size));
  }
  return files;
}
