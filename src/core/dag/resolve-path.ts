import { CID } from 'multiformats/cid';
import { ArchiveError } from '../errors.ts';
import type { Blocks } from './blocks.ts';
import { DAG_CODEC, type DagNode, dagNode, decodeBlock, prefixLength } from './dag-node.ts';
import { murmur3 } from './murmur3.ts';

/** What a path leads to. */
export interface Resolved {
  /** The block at its end, or the one that holds what `within` names. */
  readonly cid: CID;
  readonly node: DagNode;
  /** The root and what each name led to, or led within; the last is `cid`. */
  readonly roots: readonly CID[];
  /** Every block on the way, `cid` the last. */
  readonly way: readonly CID[];
  /** Names that lead into a document and to no link. */
  readonly within: readonly string[];
}

/** More names than any path has that people made. */
const MAX_NAMES = 512;

/**
 * Follows names from a root: through directories, flat or sharded, and through documents with links in
 * them. Reads what lies on the way alone. Symbolic links are not followed.
 *
 * @returns undefined where there is nothing of that name.
 * @throws {ArchiveError} `block_missing`, `block_corrupt`, `input_invalid` for blocks that cannot be read
 * or more than 512 names.
 */
export async function resolvePath(
  blocks: Blocks,
  root: CID,
  names: readonly string[],
): Promise<Resolved | undefined> {
  if (names.length > MAX_NAMES) {
    throw new ArchiveError('input_invalid', `the path has more than ${MAX_NAMES} names`);
  }
  const roots = [root];
  const way = [root];
  let cid = root;
  let bytes = await blocks.get(root);
  let node = dagNode(root, bytes);
  for (let at = 0; at < names.length; ) {
    const step = await stepped(blocks, { cid, bytes, node }, names.slice(at), way);
    if (step === undefined) return undefined;
    if (step.link === undefined) return { cid, node, roots, way, within: names.slice(at) };
    at += step.names;
    roots.push(...Array.from({ length: step.names - 1 }, () => cid), step.link);
    way.push(step.link);
    cid = step.link;
    bytes = await blocks.get(cid);
    node = dagNode(cid, bytes);
  }
  return { cid, node, roots, way, within: [] };
}

interface Place {
  readonly cid: CID;
  readonly bytes: Uint8Array;
  readonly node: DagNode;
}

/** Where names lead: to a link after some of them, or, without one, to a value. */
interface Step {
  readonly names: number;
  readonly link: CID | undefined;
}

async function stepped(
  blocks: Blocks,
  { cid, bytes, node }: Place,
  names: readonly string[],
  way: CID[],
): Promise<Step | undefined> {
  const [name = ''] = names;
  if (node.kind === 'directory') {
    const link = node.links.find((one) => one.name === name)?.cid;
    return link && { names: 1, link };
  }
  if (node.kind === 'shard') {
    const link = await inShards(blocks, node, name, way);
    return link && { names: 1, link };
  }
  return node.kind === 'data' ? inDocument(cid, bytes, names) : undefined;
}

/** Finds a name in a sharded directory (UnixFS, HAMT), and adds the shards on the way to `way`. */
async function inShards(
  blocks: Blocks,
  top: Extract<DagNode, { kind: 'shard' }>,
  name: string,
  way: CID[],
): Promise<CID | undefined> {
  const hash = murmur3(new TextEncoder().encode(name));
  const { fanOut } = top;
  const bits = BigInt(Math.log2(fanOut));
  const digits = prefixLength(fanOut);
  let shard = top;
  for (let used = bits; used <= 64n; used += bits) {
    const index = (hash >> (64n - used)) & (BigInt(fanOut) - 1n);
    const prefix = index.toString(16).toUpperCase().padStart(digits, '0');
    const link = shard.links.find((one) => one.name === prefix || one.name === prefix + name);
    if (link === undefined || link.name !== prefix) return link?.cid;
    const node = dagNode(link.cid, await blocks.get(link.cid));
    way.push(link.cid);
    if (node.kind !== 'shard' || node.fanOut !== fanOut) return undefined;
    shard = node;
  }
  return undefined;
}

function inDocument(cid: CID, bytes: Uint8Array, names: readonly string[]): Step | undefined {
  if (cid.code !== DAG_CODEC.dagCbor && cid.code !== DAG_CODEC.dagJson) return undefined;
  let value = decodeBlock(cid, bytes);
  for (const [at, name] of names.entries()) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    // What has been found to be its own property.
    value = (value as Record<string, unknown>)[name];
    const link = CID.asCID(value);
    if (link !== null) return { names: at + 1, link };
  }
  return { names: names.length, link: undefined };
}
