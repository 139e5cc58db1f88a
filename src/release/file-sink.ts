import { createHash } from 'node:crypto';
import type { Cid } from '../core/cid.ts';
import { encodeLeaf, type FileBlock } from '../core/unixfs/file-node.ts';
import { createFileTree, PROFILE_LEAF_BYTES } from '../core/unixfs/file-tree.ts';
import { digest } from './digest.ts';
import type { ReleaseContent } from './release-content.ts';

export interface SunkFile {
  readonly cid: Cid;
  readonly size: number;
  /** Bytes of its blocks. */
  readonly dagSize: number;
  readonly sha256: string;
}

/** A file that grows into the content store; it never is in memory as a whole. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the file. Its bytes are durable after the next `sync` of the store. */
  finish(): Promise<SunkFile>;
}

/** A file whose leaves are cut by whoever writes it. */
export interface LeafSink {
  /** Adds a leaf of at most 1 MiB; one without bytes adds nothing. */
  add(leaf: Uint8Array): Promise<void>;
  finish(): Promise<SunkFile>;
}

/** Begins a file in leaves of any sizes. */
export function createLeafSink(content: Pick<ReleaseContent, 'putBlock'>): LeafSink {
  const tree = createFileTree({ sha256: digest });
  const total = createHash('sha256');
  let size = 0;

  async function put(blocks: readonly FileBlock[]): Promise<void> {
    for (const { cid, bytes } of blocks) await content.putBlock(cid, bytes);
  }

  return {
    async add(bytes) {
      if (bytes.length === 0) return;
      total.update(bytes);
      size += bytes.length;
      const leaf = encodeLeaf(bytes, digest);
      await put([leaf, ...tree.add(leaf)]);
    },

    async finish() {
      const { root, blocks } = tree.finish();
      await put(blocks);
      return { cid: root.cid, size, dagSize: root.dagSize, sha256: total.digest('hex') };
    },
  };
}

/** Begins a file; it gets the CID that `ipfs add` computes under profile `unixfs-v1-2025`. */
export function createFileSink(content: Pick<ReleaseContent, 'putBlock'>): FileSink {
  const sink = createLeafSink(content);
  let leaf = Buffer.allocUnsafe(PROFILE_LEAF_BYTES);
  let filled = 0;

  async function closeLeaf(): Promise<void> {
    await sink.add(leaf.subarray(0, filled));
    leaf = Buffer.allocUnsafe(PROFILE_LEAF_BYTES);
    filled = 0;
  }

  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const part = bytes.subarray(done, done + leaf.length - filled);
        leaf.set(part, filled);
        filled += part.length;
        done += part.length;
        if (filled === leaf.length) await closeLeaf();
      }
    },

    async finish() {
      await closeLeaf();
      return sink.finish();
    },
  };
}
