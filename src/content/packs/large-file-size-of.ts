import { CODEC } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { decodeFileNode } from '../../core/unixfs/file-node.ts';
import { PROFILE_LEAF_BYTES } from '../../core/unixfs/file-tree.ts';

/** Returns the size of the file whose node this block is; undefined for files of one leaf and others. */
export function largeFileSizeOf(codec: number, bytes: Uint8Array): number | undefined {
  if (codec !== CODEC.dagPb) return undefined;
  try {
    const { fileSize } = decodeFileNode(bytes);
    return fileSize > PROFILE_LEAF_BYTES ? fileSize : undefined;
  } catch (error) {
    // A directory, most likely: it has no such size.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}
