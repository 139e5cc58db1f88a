import { createHash } from 'node:crypto';
import { decode, encode } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { type Cid, CODEC, cidFromDigest, codecOf, digestOf, parseCid } from '../../src/core/cid.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import { equalBytes } from '../../src/core/hash.ts';
import type { ContentStore } from '../../src/core/ports/content-store.ts';
import { decodeFileNode, encodeLeaf, type FileLink } from '../../src/core/unixfs/file-node.ts';
import { createFileTree } from '../../src/core/unixfs/file-tree.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  createHash('sha256').update(bytes).digest();

/** The part of a content store that moves blocks and files, in memory. */
export interface MemoryContent
  extends Pick<
    ContentStore,
    'putBlock' | 'putDirectory' | 'sync' | 'getBlock' | 'destroy' | 'stat' | 'read' | 'list'
  > {
  readonly blocks: Map<Cid, Uint8Array>;
  /** Roots of the last syncs, with the number of blocks that were there then. */
  readonly synced: { readonly root: Cid; readonly blocks: number }[];
  /** Stores a file in leaves and nodes of these widths; the defaults are those of the profile. */
  putFile(bytes: Uint8Array, shape?: { leaf?: number; width?: number }): FileLink;
}

export function createMemoryContent(): MemoryContent {
  const blocks = new Map<Cid, Uint8Array>();
  const synced: { root: Cid; blocks: number }[] = [];

  async function getBlock(
    cid: Cid,
    place?: (byteLength: number) => Uint8Array,
  ): Promise<Uint8Array> {
    const bytes = blocks.get(cid);
    if (bytes === undefined) throw new ArchiveError('block_missing', `${cid} is not here`);
    if (!equalBytes(sha256(bytes), digestOf(cid))) {
      throw new ArchiveError('block_corrupt', `${cid} is corrupt`);
    }
    if (place === undefined) return bytes;
    const placed = place(bytes.length);
    placed.set(bytes);
    return placed;
  }

  /** Yields the bytes of the file below that lie in `[start, end)` of it. */
  async function* walk(cid: Cid, start: number, end: number): AsyncIterable<Uint8Array> {
    const bytes = await getBlock(cid);
    if (codecOf(cid) === CODEC.raw) {
      yield Uint8Array.from(bytes.subarray(Math.max(0, start), Math.max(0, end)));
      return;
    }
    const { children } = decodeFileNode(bytes);
    let at = 0;
    for (const child of children) {
      const childEnd = at + child.fileSize;
      if (at < end && childEnd > start) yield* walk(child.cid, start - at, end - at);
      at = childEnd;
    }
  }

  return {
    blocks,
    synced,
    getBlock,

    putFile(bytes, { leaf = 1_048_576, width = 1024 } = {}) {
      const tree = createFileTree({ sha256, width });
      for (let at = 0; at < bytes.length; at += leaf) {
        const block = encodeLeaf(bytes.subarray(at, at + leaf), sha256);
        for (const { cid, bytes: encoded } of [block, ...tree.add(block)]) blocks.set(cid, encoded);
      }
      const { root, blocks: rest } = tree.finish();
      for (const { cid, bytes: encoded } of rest) blocks.set(cid, encoded);
      return root;
    },

    async putBlock(cid, bytes) {
      if (!equalBytes(sha256(bytes), digestOf(cid))) throw new Error(`wrong bytes for ${cid}`);
      blocks.set(cid, Uint8Array.from(bytes));
    },

    async destroy(cids) {
      return cids.filter((cid) => blocks.delete(cid)).length;
    },

    async putDirectory(entries) {
      const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
      const bytes = encode({
        Data: Uint8Array.of(0x08, 0x01),
        Links: sorted.map(({ name, cid, dagSize }) => ({
          Hash: CID.parse(cid),
          Name: name,
          Tsize: dagSize,
        })),
      });
      const cid = cidFromDigest(CODEC.dagPb, sha256(bytes));
      blocks.set(cid, bytes);
      return { cid, dagSize: sorted.reduce((sum, { dagSize }) => sum + dagSize, bytes.length) };
    },

    async sync(roots) {
      for (const root of roots) synced.push({ root, blocks: blocks.size });
    },

    async stat(cid) {
      const bytes = blocks.get(cid);
      if (bytes === undefined) return undefined;
      if (codecOf(cid) === CODEC.raw) return { size: bytes.length, dagSize: bytes.length };
      const node = decodeFileNode(bytes);
      const below = node.children.reduce((sum, { dagSize }) => sum + dagSize, 0);
      return { size: node.fileSize, dagSize: bytes.length + below };
    },

    async *read(cid, { offset = 0, length = Number.POSITIVE_INFINITY } = {}) {
      yield* walk(cid, offset, offset + length);
    },

    async *list(cid) {
      for (const link of decode(await getBlock(cid)).Links) {
        yield { name: link.Name ?? '', cid: parseCid(link.Hash.toString()) };
      }
    },
  };
}

/** Returns all bytes of a stored file. */
export async function readAll(
  content: Pick<ContentStore, 'read'>,
  cid: Cid,
  range: { readonly offset?: number; readonly length?: number } = {},
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of content.read(cid, range)) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}
