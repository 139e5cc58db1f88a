import { decode, encode } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { type Cid, CODEC, cidFromDigest, cidToBytes, parseCid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import { decodeUnixFsData, encodeFileData, UNIXFS_TYPE } from './unixfs-data.ts';

const SHA2_256 = 0x12;

/** The root of a stored file or of a part of one, as a parent links to it. */
export interface FileLink {
  readonly cid: Cid;
  /** Bytes of the file below it. */
  readonly fileSize: number;
  /** Bytes of all its blocks as stored: what the link carries as `Tsize`. */
  readonly dagSize: number;
}

/** Returns the link alone: who keeps it must not keep the block with it. */
export function toLink({ cid, fileSize, dagSize }: FileLink): FileLink {
  return { cid, fileSize, dagSize };
}

/** An encoded block of a file together with the link to it. */
export interface FileBlock extends FileLink {
  readonly bytes: Uint8Array;
}

/** What a file node says of itself. */
export interface FileNode {
  readonly fileSize: number;
  readonly children: readonly FileLink[];
  /** Bytes kept in the node itself, a view into the block; only where there are no children. */
  readonly inline: Uint8Array;
}

/**
 * Returns the leaf that holds these bytes. The empty file is the leaf of no bytes.
 */
export function encodeLeaf(bytes: Uint8Array, sha256: Sha256): FileBlock {
  return {
    cid: cidFromDigest(CODEC.raw, sha256(bytes)),
    fileSize: bytes.length,
    dagSize: bytes.length,
    bytes,
  };
}

/**
 * Returns the UnixFS file node whose content is its children's, one after the other.
 *
 * Children may be leaves or file nodes of any depth, mixed: a reader walks them depth first. The
 * bytes are those that Kubo writes (link names present and empty, links before data).
 */
export function encodeFileNode(children: readonly FileLink[], sha256: Sha256): FileBlock {
  const { bytes: data, fileSize } = encodeFileData(children.map((child) => child.fileSize));
  const bytes = encode({
    Data: data,
    Links: children.map(({ cid, dagSize }) => {
      return { Hash: CID.decode(cidToBytes(cid)), Name: '', Tsize: dagSize };
    }),
  });
  return {
    cid: cidFromDigest(CODEC.dagPb, sha256(bytes)),
    fileSize,
    dagSize: children.reduce((sum, child) => sum + child.dagSize, bytes.length),
    bytes,
  };
}

/**
 * Returns what this dag-pb block says as a file node.
 *
 * @throws {ArchiveError} `input_invalid` if it is not a UnixFS file node, or contradicts itself:
 * sizes that do not add up, data beside links (readers disagree on its meaning), named links.
 */
export function decodeFileNode(bytes: Uint8Array): FileNode {
  const node = decodeDagPb(bytes);
  const { type, data, fileSize, blockSizes } = decodeUnixFsData(node.Data ?? new Uint8Array(0));
  if (type !== UNIXFS_TYPE.file && type !== UNIXFS_TYPE.raw) {
    throw invalid(`it has type ${type}, which is not a file`);
  }
  if (blockSizes.length !== node.Links.length) {
    throw invalid(`it has ${node.Links.length} links and ${blockSizes.length} sizes`);
  }
  if (data.length > 0 && node.Links.length > 0) throw invalid('it has data beside its links');
  const children = node.Links.map((link, index) => {
    if (link.Name !== undefined && link.Name !== '') throw invalid('a link has a name');
    return {
      cid: cidOfLink(link.Hash),
      fileSize: blockSizes[index] ?? 0,
      dagSize: link.Tsize ?? 0,
    };
  });
  const total = children.reduce((sum, child) => sum + child.fileSize, data.length);
  if (fileSize !== undefined && fileSize !== total) {
    throw invalid(`it claims ${fileSize} bytes, its parts have ${total}`);
  }
  return { fileSize: total, children, inline: data };
}

/** @throws {ArchiveError} `input_invalid` for a version or hash that the archive does not use. */
function cidOfLink(link: CID): Cid {
  const { code, version, multihash } = link;
  const isUsual = version === 1 && multihash.code === SHA2_256 && multihash.size === 32;
  return isUsual ? cidFromDigest(code, multihash.digest) : parseCid(link.toString());
}

function decodeDagPb(bytes: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new ArchiveError('input_invalid', 'this is not a dag-pb block', { cause });
  }
}

function invalid(what: string): ArchiveError {
  return new ArchiveError('input_invalid', `this is not a valid UnixFS file node: ${what}`);
}
