import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import type { Request, Response } from 'express';
import { DAG_CODEC, decodeBlock } from '../../core/dag/dag-node.ts';
import { ArchiveError } from '../../core/errors.ts';
import { sendProblem } from '../send-problem.ts';
import {
  isDownloadAsked,
  isKnown,
  namedInQuery,
  setCacheHeaders,
  setDisposition,
} from './answer-headers.ts';
import type { Found } from './found.ts';
import { setMediaType } from './media-type.ts';
import { type Format, MEDIA_TYPE } from './response-format.ts';
import { sendSpan } from './send-span.ts';

export type DataFormat = Exclude<Format, 'web' | 'raw' | 'car'>;

const CODEC_OF: Readonly<Record<DataFormat, number>> = {
  json: DAG_CODEC.json,
  cbor: DAG_CODEC.cbor,
  'dag-json': DAG_CODEC.dagJson,
  'dag-cbor': DAG_CODEC.dagCbor,
};

/** Formats whose bytes another one's are as well. */
const SAME_BYTES: ReadonlySet<string> = new Set([
  `${DAG_CODEC.dagJson} json`,
  `${DAG_CODEC.dagCbor} cbor`,
]);

/** Sends what a block says in the data model of IPLD; as it is, where that is what was asked for. */
export async function sendData(
  req: Request,
  res: Response,
  found: Found,
  format: DataFormat,
): Promise<void> {
  const { cid, within } = found.resolved;
  if (within.length > 0) {
    const text = 'a part of a document is not given by itself; ask for the document';
    // So the path gateway specification has it for kinds of IPLD that are no links.
    sendProblem(res, new ArchiveError('format_unavailable', text), 501);
    return;
  }
  const etag = `"${cid}.${format}"`;
  setCacheHeaders(res, found.dag.isPublic);
  res.set('ETag', etag);
  if (isKnown(req, etag)) {
    res.status(304).end();
    return;
  }
  const block = await found.dag.blocks.get(cid);
  const isSame = cid.code === CODEC_OF[format] || SAME_BYTES.has(`${cid.code} ${format}`);
  const bytes = isSame ? block : encoded(format, decodeBlock(cid, block));
  const name = namedInQuery(req) ?? `${cid}.${format.replace('dag-', '')}`;
  const isShown = format.endsWith('json') && !isDownloadAsked(req);
  setDisposition(res, isShown ? 'inline' : 'attachment', name);
  setMediaType(res, MEDIA_TYPE[format]);
  await sendSpan(req, res, {
    etag,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  });
}

/** Returns the format in which a block of a codec comes as it is; undefined for files. */
export function formatOfCodec(codec: number): DataFormat | undefined {
  // The keys of the table are such formats.
  const formats = Object.entries(CODEC_OF) as [DataFormat, number][];
  return formats.find(([, one]) => one === codec)?.[0];
}

function encoded(format: DataFormat, value: unknown): Uint8Array {
  try {
    return format.endsWith('json') ? dagJson.encode(value) : dagCbor.encode(value);
  } catch (cause) {
    throw new ArchiveError('format_unavailable', `this cannot be written as ${format}`, { cause });
  }
}
