import { type Cid, CODEC, codecOf } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { decodeFileNode, type FileLink } from '../core/unixfs/file-node.ts';
import type { WantedFile } from './agree.ts';
import type { PullParts } from './parts.ts';
import { readCar } from './read-car.ts';
import type { Offer } from './read-offer.ts';

/** A file as it is to come: its blocks in order, and what they are together. */
export interface FileLeaves {
  readonly cid: Cid;
  readonly size: number;
  readonly leaves: readonly { readonly cid: Cid; readonly size: number }[];
}

/** A shard of 256 MiB of the smallest files there are. */
const MOST_PROOF_BYTES = 268_435_456;
const MOST_LEVELS = 40;
/** IPFS carries no larger block. */
const MOST_LEAF_BYTES = 2_097_152;

/**
 * Returns the blocks that a file has, without the samples that are left out: from the CID in the signed
 * manifest, or in the signed word of the node, on, by nodes of which every one was hashed. Who serves the nodes need not be believed.
 *
 * @throws {ArchiveError} `peer_invalid`, `release_invalid`, and what the node says.
 */
export async function fileLeaves(
  file: WantedFile,
  { source, word }: Pick<Offer, 'source' | 'word'>,
  parts: PullParts,
): Promise<FileLeaves> {
  const car = await source.read(`w/${word.revision}/proof/${file.name}.car`, MOST_PROOF_BYTES);
  const nodes = readCar(car, parts.sha256);
  const blocks = {
    async getBlock(cid: Cid) {
      const bytes = nodes.get(cid);
      if (bytes !== undefined) return bytes;
      throw new ArchiveError('peer_invalid', `${source.name} does not show ${cid} of ${file.name}`);
    },
    async putBlock(cid: Cid, bytes: Uint8Array) {
      nodes.set(cid, bytes);
    },
  };
  const { cid, size, samples, withheld } = file;
  const left =
    samples === undefined || withheld.size === 0
      ? { cid, size }
      : await parts.withhold({ cid, size, samples }, withheld, blocks);
  return leavesOf(left, blocks);
}

/** Returns the blocks of a file in order, by its nodes. @throws {ArchiveError} `release_invalid`. */
export async function leavesOf(
  { cid, size }: Pick<FileLeaves, 'cid' | 'size'>,
  blocks: { getBlock(cid: Cid): Promise<Uint8Array> },
): Promise<FileLeaves> {
  const leaves = [];
  for await (const leaf of leavesBelow({ cid, fileSize: size }, blocks)) leaves.push(leaf);
  return { cid, size, leaves };
}

async function* leavesBelow(
  { cid, fileSize }: Pick<FileLink, 'cid' | 'fileSize'>,
  blocks: { getBlock(cid: Cid): Promise<Uint8Array> },
  depth = 0,
): AsyncGenerator<FileLeaves['leaves'][number]> {
  if (codecOf(cid) === CODEC.raw) {
    if (fileSize > MOST_LEAF_BYTES) throw wrong(cid, `it would have ${fileSize} bytes`);
    if (fileSize > 0) yield { cid, size: fileSize };
    return;
  }
  const node = decodeFileNode(await blocks.getBlock(cid));
  if (node.fileSize !== fileSize) throw wrong(cid, `it has ${node.fileSize} bytes`);
  if (node.inline.length > 0 || depth === MOST_LEVELS) throw wrong(cid, 'it is no node of ours');
  for (const child of node.children) yield* leavesBelow(child, blocks, depth + 1);
}

function wrong(cid: Cid, what: string): ArchiveError {
  return new ArchiveError('release_invalid', `${cid} is no part of a release: ${what}`);
}
