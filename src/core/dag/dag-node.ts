import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { ArchiveError } from '../errors.ts';
import { decodeUnixFsData, UNIXFS_TYPE } from '../unixfs/unixfs-data.ts';

/** Codecs whose blocks are understood, by multicodec number. */
export const DAG_CODEC = {
  raw: 0x55,
  dagPb: 0x70,
  dagCbor: 0x71,
  dagJson: 0x0129,
  cbor: 0x51,
  json: 0x0200,
} as const;

interface NamedLink {
  readonly name: string;
  readonly cid: CID;
  /** What the link says is below it, in bytes; 0 if it says nothing. */
  readonly size: number;
}

/** A part of a file below its node. */
export interface PartLink {
  readonly cid: CID;
  readonly fileSize: number;
}

/** What a block is to whoever reads files. */
export type DagNode =
  | {
      readonly kind: 'file';
      readonly size: number;
      readonly parts: readonly PartLink[];
      /** Bytes in the node itself, which come before those of its parts. */
      readonly inline: Uint8Array;
    }
  | { readonly kind: 'directory'; readonly links: readonly NamedLink[] }
  | { readonly kind: 'shard'; readonly fanOut: number; readonly links: readonly NamedLink[] }
  | { readonly kind: 'symlink'; readonly target: Uint8Array }
  /** Data that is no file: a document with links in it, or with none. */
  | { readonly kind: 'data'; readonly codec: number };

const MAX_FAN_OUT = 1024;

/**
 * Returns what a block is.
 *
 * @throws {ArchiveError} `input_invalid` if it is not what its codec says, or contradicts itself.
 */
export function dagNode(cid: CID, bytes: Uint8Array): DagNode {
  if (cid.code === DAG_CODEC.raw) {
    return { kind: 'file', size: bytes.length, parts: [], inline: bytes };
  }
  if (cid.code !== DAG_CODEC.dagPb) return { kind: 'data', codec: cid.code };
  const { Data, Links } = decoded(cid, () => dagPb.decode(bytes));
  if (Data === undefined) return { kind: 'data', codec: cid.code };
  const { type, data, fileSize, blockSizes, fanOut = 256 } = decodeUnixFsData(Data);
  const links = Links.map(({ Hash, Name = '', Tsize = 0 }) => {
    return { name: Name, cid: Hash, size: Tsize };
  });
  if (type === UNIXFS_TYPE.directory) return { kind: 'directory', links };
  if (type === UNIXFS_TYPE.symlink) return { kind: 'symlink', target: data };
  if (type === UNIXFS_TYPE.shardedDirectory) {
    const isSound = fanOut >= 8 && fanOut <= MAX_FAN_OUT && Number.isInteger(Math.log2(fanOut));
    if (!isSound) throw unsound(cid, `it has ${fanOut} places`);
    return { kind: 'shard', fanOut, links };
  }
  if (type !== UNIXFS_TYPE.file && type !== UNIXFS_TYPE.raw) {
    return { kind: 'data', codec: cid.code };
  }
  if (blockSizes.length !== links.length) {
    throw unsound(cid, `it has ${links.length} links and ${blockSizes.length} sizes`);
  }
  const parts = links.map((link, at) => ({ cid: link.cid, fileSize: blockSizes[at] ?? 0 }));
  const size = parts.reduce((sum, part) => sum + part.fileSize, data.length);
  if (!Number.isSafeInteger(size)) throw unsound(cid, 'its size is beyond 2^53');
  if (fileSize !== undefined && fileSize !== size) {
    throw unsound(cid, `it claims ${fileSize} bytes, its parts have ${size}`);
  }
  return { kind: 'file', size, parts, inline: data };
}

/** Digits of the place before each name in a sharded directory. */
export function prefixLength(fanOut: number): number {
  return (fanOut - 1).toString(16).length;
}

/**
 * Returns what a block says in the data model of IPLD.
 *
 * @throws {ArchiveError} `input_invalid` for another codec, or bytes that are not of it.
 */
export function decodeBlock(cid: CID, bytes: Uint8Array): unknown {
  return decoded(cid, () => {
    switch (cid.code) {
      case DAG_CODEC.raw:
        return bytes;
      case DAG_CODEC.dagPb:
        return dagPb.decode(bytes);
      case DAG_CODEC.dagCbor:
      case DAG_CODEC.cbor:
        return dagCbor.decode(bytes);
      case DAG_CODEC.dagJson:
      case DAG_CODEC.json:
        return decodeJson(bytes);
      default:
        throw new Error(`the codec 0x${cid.code.toString(16)} is not known here`);
    }
  });
}

/** A text that may be a CID in base58 or base36: reading one takes the square of its length. */
const LONG_NAME = /"(?:[zQk]|\\u00(?:7[aA]|51|6[bB]))[^"]{1024}/;

function decodeJson(bytes: Uint8Array): unknown {
  if (LONG_NAME.test(new TextDecoder().decode(bytes))) throw new Error('a link of it is too long');
  return dagJson.decode(bytes);
}

/**
 * Returns what a block links to, in order. Blocks of codecs that are not known link to nothing.
 *
 * @throws {ArchiveError} `input_invalid` if it is not what its codec says.
 */
export function linksOf(cid: CID, bytes: Uint8Array): readonly CID[] {
  if (cid.code === DAG_CODEC.dagPb) {
    return decoded(cid, () => dagPb.decode(bytes)).Links.map(({ Hash }) => Hash);
  }
  if (cid.code !== DAG_CODEC.dagCbor && cid.code !== DAG_CODEC.dagJson) return [];
  const links: CID[] = [];
  const values = [decodeBlock(cid, bytes)];
  while (values.length > 0) {
    const value = values.pop();
    const link = CID.asCID(value);
    if (link !== null) links.push(link);
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const inner of Object.values(value).reverse()) values.push(inner);
    }
  }
  return links;
}

function decoded<T>(cid: CID, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    // Depth that no stack has room for is among what others can send.
    throw unsound(cid, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unsound(cid: CID, why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('input_invalid', `the block ${cid} cannot be read: ${why}`, { cause });
}
