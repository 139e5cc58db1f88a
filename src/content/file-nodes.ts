import type { Cid } from '../core/cid.ts';
import type { FileNode } from '../core/unixfs/file-node.ts';

/** A file node, and where bytes that it keeps itself begin in its block. */
export type ReadNode = FileNode & { readonly inlineOffset: number };

/** Of 1 MiB each: 64 GiB of files, for some ten megabytes. */
const MOST_LINKS = 65_536;

/** File nodes that were read and found sound lately. What a CID names never changes. */
export class FileNodes {
  /** The one asked for last is the last. */
  readonly #nodes = new Map<Cid, ReadNode>();
  #links = 0;

  get(cid: Cid): ReadNode | undefined {
    const node = this.#nodes.get(cid);
    if (node === undefined) return undefined;
    this.#nodes.delete(cid);
    this.#nodes.set(cid, node);
    return node;
  }

  add(cid: Cid, node: ReadNode): void {
    // Bytes of its own are a view into its block, which is not worth keeping.
    if (node.children.length === 0 || this.#nodes.has(cid)) return;
    this.#nodes.set(cid, node);
    this.#links += node.children.length;
    for (const [oldest, { children }] of this.#nodes) {
      if (this.#links <= MOST_LINKS) return;
      this.#nodes.delete(oldest);
      this.#links -= children.length;
    }
  }
}
