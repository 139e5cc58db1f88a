import { concatBytes, type Sha256 } from '../../core/hash.ts';
import {
  encodeFileNode,
  encodeLeaf,
  type FileBlock,
  type FileLink,
  toLink,
} from '../../core/unixfs/file-node.ts';
import { createFileTree } from '../../core/unixfs/file-tree.ts';
import { encodeTarHeader, TAR_BLOCK, tarPadding, tarSize } from './tar-header.ts';

/**
 * Samples per node above the leaves: 256 links, some 12 KB. Nodes follow the number of the sample, not the
 * count of leaves, so that leaving a sample out of a later copy changes few of them: `withhold-samples.ts`.
 */
export const SAMPLES_PER_NODE = 128;

/** No padding is longer. */
const ZEROS = new Uint8Array(TAR_BLOCK);

/** One asset and the sidecar that follows it. */
export interface ShardSample {
  readonly name: string;
  readonly asset: FileLink;
  readonly sidecarName: string;
  readonly sidecar: Uint8Array;
}

/** Where a sample came to lie, in bytes from the start of the tar, and the blocks to store for it. */
export interface PlacedSample {
  readonly ordinal: number;
  readonly offset: number;
  readonly sidecarOffset: number;
  readonly blocks: readonly FileBlock[];
}

export interface ShardDag {
  readonly samples: number;
  /** Returns the size that the tar would have with one more sample of these sizes. */
  sizeWith(assetSize: number, sidecarSize: number): number;
  add(sample: ShardSample): PlacedSample;
  /** Ends the tar. `glueBytes` counts the blocks that are not the assets' own. */
  finish(): {
    readonly root: FileLink;
    readonly blocks: readonly FileBlock[];
    readonly glueBytes: number;
  };
}

/**
 * Begins a tar that is a UnixFS file of links: header, the asset's own DAG, then one block of
 * padding, sidecar and the next header, and so on. No byte of an asset is read or copied.
 *
 * UnixFS defines a file with children as their concatenation, whatever their depth (ipfs/specs
 * src/unixfs.md). Glue is never put into a node beside links, since readers disagree about that; an
 * asset without bytes gets no link.
 */
export function createShardDag(sha256: Sha256): ShardDag {
  const tree = createFileTree({ sha256 });
  let children: FileLink[] = [];
  /** What the next glue begins with. */
  let pending: readonly Uint8Array[] = [];
  let pendingBytes = 0;
  /** Bytes of the tar that stand before `pending`. */
  let placed = 0;
  let samples = 0;
  let glueBytes = 0;

  function addGlue(bytes: Uint8Array, blocks: FileBlock[]): void {
    const leaf = encodeLeaf(bytes, sha256);
    blocks.push(leaf);
    children.push(toLink(leaf));
    placed += bytes.length;
  }

  function closeNode(blocks: FileBlock[]): void {
    const node = encodeFileNode(children, sha256);
    children = [];
    blocks.push(node, ...tree.add(node));
  }

  function count(blocks: readonly FileBlock[]): void {
    for (const { bytes } of blocks) glueBytes += bytes.length;
  }

  return {
    get samples() {
      return samples;
    },

    sizeWith(assetSize, sidecarSize) {
      const added = 2 * TAR_BLOCK + padded(assetSize) + padded(sidecarSize);
      return tarSize(placed + pendingBytes + added);
    },

    add({ name, asset, sidecarName, sidecar }) {
      const blocks: FileBlock[] = [];
      addGlue(concatBytes(...pending, encodeTarHeader(name, asset.fileSize)), blocks);
      const offset = placed;
      if (asset.fileSize > 0) children.push(asset);
      placed += asset.fileSize;
      const padding = tarPadding(asset.fileSize);
      pending = [
        ZEROS.subarray(0, padding),
        encodeTarHeader(sidecarName, sidecar.length),
        sidecar,
        ZEROS.subarray(0, tarPadding(sidecar.length)),
      ];
      pendingBytes = padding + TAR_BLOCK + padded(sidecar.length);
      const ordinal = samples;
      samples += 1;
      if (samples % SAMPLES_PER_NODE === 0) closeNode(blocks);
      count(blocks);
      return { ordinal, offset, sidecarOffset: placed + padding + TAR_BLOCK, blocks };
    },

    finish() {
      const blocks: FileBlock[] = [];
      const end = tarSize(placed + pendingBytes) - placed - pendingBytes;
      addGlue(concatBytes(...pending, new Uint8Array(end)), blocks);
      closeNode(blocks);
      const { root, blocks: rest } = tree.finish();
      blocks.push(...rest);
      count(blocks);
      return { root, blocks, glueBytes };
    },
  };
}

function padded(size: number): number {
  return size + tarPadding(size);
}
