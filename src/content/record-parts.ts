import { throwIfAborted } from '../core/abort.ts';
import { type Cid, CODEC, codecOf, digestOf } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { childrenOf, isBlockDamage, wholeFile } from '../core/unixfs/file-dag.ts';
import type { PackIndex } from './pack-index.ts';
import type { PackReader } from './pack-reader.ts';
import type { PackWriter } from './pack-writer.ts';
import { statFile } from './read-file.ts';
import { nextTurn } from './turn.ts';

interface Parts {
  readonly index: PackIndex;
  readonly reader: PackReader;
  readonly writer: PackWriter;
}

/**
 * Records for every block of files of several blocks which of them it is part of. Reads nodes and no
 * leaf. What is no file (a directory of a release) has no parts; what is damaged is left for later.
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
  { reader, writer }: Parts,
  root: Cid,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const size = (await statFile(reader, root))?.size;
    if (size === undefined) return false;
    const stack = [wholeFile(root, size)];
    const seen = new Set<Cid>();
    for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
      throwIfAborted(signal);
      if (seen.has(part.cid)) continue;
      seen.add(part.cid);
      const children = childrenOf(part, await reader.get(part.cid));
      const digests = children.map(({ cid }) => digestOf(cid));
      await writer.amend((changed) => changed.addParts(root, digests));
      stack.push(...children.filter(({ cid }) => codecOf(cid) !== CODEC.raw));
    }
    return true;
  } catch (error) {
    if (isBlockDamage(error)) return false;
    if (error instanceof ArchiveError && error.code === 'input_invalid') return true;
    throw error;
  }
}
