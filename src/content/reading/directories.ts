import { decode } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { type Cid, CODEC, codecOf, parseCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { decodeUnixFsData, UNIXFS_TYPE } from '../../core/unixfs/unixfs-data.ts';
import type { PackReader } from '../packs/pack-reader.ts';

/** One name in a directory that is to be stored. */
export interface DirectoryEntry {
  readonly name: string;
  readonly cid: Cid;
  readonly dagSize: number;
}

/** Deeper than any directory that one name's hash can reach. */
const MAX_DEPTH = 32;

/**
 * Encodes a directory of blocks that are stored and returns its CID under profile
 * `unixfs-v1-2025`: flat up to 256 KiB, a HAMT of 256 places above. `put` gets every new block.
 *
 * The official importer does it, fed with links in place of files; it is loaded when first needed.
 *
 * @throws {ArchiveError} `input_invalid` for a name that a directory cannot hold, or one given twice.
 */
export async function encodeDirectory(
  entries: readonly DirectoryEntry[],
  put: (cid: CID, bytes: Uint8Array) => Promise<void>,
): Promise<{ readonly cid: Cid; readonly dagSize: number }> {
  assertNames(entries);
  const { importer } = await import('ipfs-unixfs-importer');
  const blockstore = {
    put: async (cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => {
      if (!(bytes instanceof Uint8Array)) throw new ArchiveError('internal', 'a block in pieces');
      await put(cid, bytes);
      return cid;
    },
  };
  const links = importer([], blockstore, {
    profile: 'unixfs-v1-2025',
    wrapWithDirectory: true,
    dagBuilder: async function* () {
      for (const { name, cid, dagSize } of entries) {
        yield async () => ({ cid: CID.parse(cid), path: name, size: BigInt(dagSize) });
      }
    },
  });
  let root: { readonly cid: CID; readonly size: bigint } | undefined;
  for await (const result of links) root = result;
  if (root === undefined) throw new ArchiveError('internal', 'the directory has no root');
  return { cid: parseCid(root.cid.toString()), dagSize: Number(root.size) };
}

/**
 * Yields the entries of a stored directory, flat or HAMT, in the order of its links.
 *
 * @throws {ArchiveError} `input_invalid` if the block is no directory; `block_missing`,
 * `block_corrupt`.
 */
export async function* listDirectory(
  reader: PackReader,
  root: Cid,
): AsyncGenerator<{ readonly name: string; readonly cid: Cid }> {
  /** Nodes to visit, the next one last. A HAMT is the only directory with nodes below the root. */
  const stack = [{ node: await readDirectory(reader, root), at: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const link = top.node.links[top.at];
    top.at += 1;
    if (link === undefined) stack.pop();
    else if (link.name.length > top.node.prefixLength || top.node.prefixLength === 0) {
      yield { name: link.name.slice(top.node.prefixLength), cid: link.cid };
    } else if (stack.length >= MAX_DEPTH) throw notDirectory(root, 'it is nested too deep');
    else stack.push({ node: await readDirectory(reader, link.cid), at: 0 });
  }
}

interface DirectoryNode {
  readonly links: readonly { readonly name: string; readonly cid: Cid }[];
  /** Hexadecimal digits of the place in a HAMT before each name; 0 in a flat directory. */
  readonly prefixLength: number;
}

async function readDirectory(reader: PackReader, cid: Cid): Promise<DirectoryNode> {
  if (codecOf(cid) !== CODEC.dagPb) throw notDirectory(cid, 'it is not dag-pb');
  const { Data, Links } = decodeNode(cid, await reader.get(cid));
  const { type, fanOut } = decodeUnixFsData(Data ?? new Uint8Array(0));
  const isSharded = type === UNIXFS_TYPE.shardedDirectory;
  if (!isSharded && type !== UNIXFS_TYPE.directory) throw notDirectory(cid, `it has type ${type}`);
  const prefixLength = isSharded ? ((fanOut ?? 256) - 1).toString(16).length : 0;
  const links = Links.map((link) => ({
    name: link.Name ?? '',
    cid: parseCid(link.Hash.toString()),
  }));
  return { links, prefixLength };
}

function decodeNode(cid: Cid, bytes: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new ArchiveError('input_invalid', `${cid} is not a dag-pb block`, { cause });
  }
}

function assertNames(entries: readonly DirectoryEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const isNameable = name !== '' && name !== '.' && name !== '..' && name.isWellFormed();
    if (!isNameable || name.includes('/') || name.includes('\0') || seen.has(name)) {
      const reason = seen.has(name) ? 'is given twice' : 'cannot be a name in a directory';
      throw new ArchiveError('input_invalid', `${JSON.stringify(name)} ${reason}`);
    }
    seen.add(name);
  }
}

function notDirectory(cid: Cid, reason: string): ArchiveError {
  return new ArchiveError('input_invalid', `${cid} is not a UnixFS directory: ${reason}`);
}
