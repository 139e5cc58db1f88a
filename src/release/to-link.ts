import type { FileLink } from '../core/unixfs/file-node.ts';

/** Returns the link alone: a tree keeps its links until their node is full, and bytes with them if they are there. */
export function toLink({ cid, fileSize, dagSize }: FileLink): FileLink {
  return { cid, fileSize, dagSize };
}
