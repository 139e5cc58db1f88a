import { extname } from 'node:path/posix';
import type { Request, Response } from 'express';
import type { CID } from 'multiformats/cid';
import type { Archive } from '../../archive/archive.ts';
import { storedCid } from '../../archive/open-dag.ts';
import type { Blocks } from '../../core/dag/blocks.ts';
import type { DagNode } from '../../core/dag/dag-node.ts';
import { readDagFile } from '../../core/dag/read-dag-file.ts';
import { isBlockDamage } from '../../core/unixfs/file-dag.ts';
import {
  isDownloadAsked,
  isKnown,
  namedInQuery,
  setCacheHeaders,
  setDisposition,
} from './answer-headers.ts';
import type { Found } from './found.ts';
import { SNIFFED_BYTES, setMediaType, sniffedType } from './media-type.ts';
import { readStored } from './read-stored.ts';
import { SANDBOX } from './sandbox.ts';
import { sendSpan } from './send-span.ts';

type FileNode = Extract<DagNode, { kind: 'file' }>;

/** A file, and what it is called where it was found. */
export interface FoundFile {
  readonly cid: CID;
  readonly node: FileNode;
  readonly name: string | undefined;
  /** What it is known by: the CID of the file, or of the directory whose page it is. */
  readonly etag: string;
}

/** Sends a file, or a part of it, sandboxed: it comes from anybody. */
export async function sendFile(
  req: Request,
  res: Response,
  { dag, path }: Pick<Found, 'dag' | 'path'>,
  file: FoundFile,
  archive: Pick<Archive, 'content' | 'catalog'>,
): Promise<void> {
  const { cid, node, etag } = file;
  const stored = dag.isStored ? storedCid(cid) : undefined;
  setCacheHeaders(res, dag.isPublic);
  res.set({ ETag: etag, 'Content-Security-Policy': SANDBOX });
  if (isKnown(req, etag)) {
    res.status(304).end();
    return;
  }
  const given = namedInQuery(req);
  const isDownload = isDownloadAsked(req);
  if (given !== undefined || isDownload) {
    const name = given ?? path.names.at(-1) ?? String(cid);
    setDisposition(res, isDownload ? 'attachment' : 'inline', name);
  }
  const type = stored && archive.catalog.access(stored)?.mediaType;
  await setType(res, { ...file, name: given ?? file.name }, type, dag.blocks);
  await sendSpan(req, res, {
    etag,
    size: node.size,
    read: (offset, length) =>
      stored !== undefined
        ? readStored(archive.content, stored, offset, length)
        : readDagFile(dag.blocks, { cid }, { from: offset, to: offset + length - 1 }),
  });
}

/** Says what it is: what the archive found out, else what the name says, else how it begins. */
async function setType(
  res: Response,
  { cid, node, name = '' }: FoundFile,
  known: string | undefined,
  blocks: Blocks,
): Promise<void> {
  if (known !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(known)) {
    setMediaType(res, known);
    return;
  }
  setMediaType(res, extname(name) || UNKNOWN);
  if (res.get('Content-Type') !== UNKNOWN) return;
  setMediaType(res, await typeByBytes(blocks, cid, node.size));
}

const UNKNOWN = 'application/octet-stream';

async function typeByBytes(blocks: Blocks, cid: CID, size: number): Promise<string> {
  const to = Math.min(size, SNIFFED_BYTES) - 1;
  if (to < 0) return UNKNOWN;
  try {
    for await (const bytes of readDagFile(blocks, { cid }, { from: 0, to }))
      return sniffedType(bytes);
  } catch (error) {
    // A part that is here can be read all the same.
    if (!isBlockDamage(error)) throw error;
  }
  return UNKNOWN;
}
