import type { Cid } from '../cid.ts';
import type { Sha256 } from '../hash.ts';
import { encodeLeaf } from './file-node.ts';
import { createFileTree, type FileTree, PROFILE_LEAF_BYTES } from './file-tree.ts';

/**
 * Finds the CID of a file whose bytes come in pieces of any length, and stores nothing. Its memory does
 * not grow with the file.
 */
export class FileHasher {
  readonly #sha256: Sha256;
  readonly #tree: FileTree;
  readonly #leaf = new Uint8Array(PROFILE_LEAF_BYTES);
  #filled = 0;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
    this.#tree = createFileTree({ sha256 });
  }

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + PROFILE_LEAF_BYTES - this.#filled);
      this.#leaf.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === PROFILE_LEAF_BYTES) this.#closeLeaf();
    }
  }

  /** Returns the CID of everything that was added. The hasher ends with it. */
  finish(): Cid {
    this.#closeLeaf();
    return this.#tree.finish().root.cid;
  }

  #closeLeaf(): void {
    this.#tree.add(encodeLeaf(this.#leaf.subarray(0, this.#filled), this.#sha256));
    this.#filled = 0;
  }
}
