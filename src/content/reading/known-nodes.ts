import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import { decodeFileNode } from '../../core/unixfs/file-node.ts';
import type { PackReader } from '../packs/pack-reader.ts';
import { inconsistentFile } from './inconsistent-file.ts';
import { NodeParts } from './node-parts.ts';

/** The glue and the assets of 131,072 samples, or 256 GiB of large files, for some sixteen megabytes. */
const MOST_PARTS = 262_144;
/** What a node costs beside its parts: as much as so many of them, or small files would fill the memory. */
const NODE_PARTS = 32;

/** Nodes of files that were asked for lately, and where their parts lie. */
export class KnownNodes {
  /** The one asked for last is the last. */
  readonly #nodes = new Map<Cid, NodeParts>();
  #parts = 0;
  #moves = 0;

  /**
   * Returns the parts of a node, read and hashed where it is not known.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`, `input_invalid`.
   */
  async of(cid: Cid, reader: PackReader): Promise<NodeParts> {
    const known = this.known(cid, reader);
    if (known !== undefined) return known;
    const { moves } = reader;
    const node = await readParts(cid, reader);
    // Another reader may have been quicker.
    if (this.#nodes.has(cid) || moves !== reader.moves) return node;
    this.#nodes.set(cid, node);
    this.#parts += node.count + NODE_PARTS;
    for (const [oldest, { count }] of this.#nodes) {
      if (this.#parts <= MOST_PARTS) break;
      this.#nodes.delete(oldest);
      this.#parts -= count + NODE_PARTS;
    }
    return node;
  }

  /** Returns it if no block need be read for it. A node may be among blocks that were given up. */
  known(cid: Cid, { moves }: PackReader): NodeParts | undefined {
    if (moves !== this.#moves) {
      this.#nodes.clear();
      this.#parts = 0;
      this.#moves = moves;
    }
    const node = this.#nodes.get(cid);
    if (node === undefined) return undefined;
    this.#nodes.delete(cid);
    this.#nodes.set(cid, node);
    return node;
  }
}

async function readParts(cid: Cid, reader: PackReader): Promise<NodeParts> {
  const codec = codecOf(cid);
  if (codec === CODEC.raw) return NodeParts.ofBlock(cid, reader.placeOf(cid).length, 0);
  const bytes = await reader.get(cid);
  if (codec !== CODEC.dagPb) throw inconsistentFile(cid, 'it is neither a leaf nor a file node');
  const { children, inline, fileSize } = decodeFileNode(bytes);
  if (children.length > 0) return NodeParts.ofLinks(children);
  return NodeParts.ofBlock(cid, fileSize, inline.byteOffset - bytes.byteOffset);
}
