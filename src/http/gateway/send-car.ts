import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { isIdentity, type WalkedBlock, walkDag } from '../../core/dag/walk-dag.ts';
import { isKnown, namedInQuery, setCacheHeaders, setDisposition } from './answer-headers.ts';
import { type CarRequest, parseCarRequest, spanOf } from './car-request.ts';
import type { Found } from './found.ts';
import { MEDIA_TYPE } from './response-format.ts';
import { writeCar } from './write-car.ts';

/**
 * Sends a CAR (version 1) of the blocks on the way to the end of a path and of what lies there, one
 * block at a time, only as fast as it is read. It has no known length: where a block is missing or
 * damaged, the answer is cut off.
 */
export async function sendCar(
  req: Request,
  res: Response,
  found: Found,
  parameters: ReadonlyMap<string, string>,
): Promise<void> {
  const { resolved, path, dag } = found;
  const wanted = parseCarRequest(req, parameters);
  const etag = etagOf(found, wanted);
  const { order, dups } = wanted;
  setCacheHeaders(res, dag.isPublic);
  res.set({
    ETag: etag,
    'Accept-Ranges': 'none',
    'Content-Type': `${MEDIA_TYPE.car}; version=1; order=${order}; dups=${dups ? 'y' : 'n'}`,
  });
  const last = path.names.at(-1);
  const name = last === undefined ? `${path.root}.car` : `${path.root}_${last}.car`;
  setDisposition(res, 'attachment', namedInQuery(req) ?? name);
  if (isKnown(req, etag)) {
    res.status(304).end();
    return;
  }
  const walk = walkDag(dag.blocks, resolved, { ...whatOf(wanted, found), dups });
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  await writeCar(res, path.root, withoutInline(walk));
}

/** A CID that holds its block itself needs none told. */
async function* withoutInline(walk: AsyncIterable<WalkedBlock>): AsyncGenerator<WalkedBlock> {
  for await (const block of walk) if (!isIdentity(block.cid)) yield block;
}

function whatOf({ scope, bytes }: CarRequest, { resolved: { node } }: Found) {
  if (bytes === undefined || node.kind !== 'file') return { scope };
  const span = spanOf(bytes, node.size);
  return span === undefined ? ({ scope: 'block' } as const) : { scope, span };
}

/** The same blocks may come in another order from another version of the program: it is weak. */
function etagOf({ path, resolved }: Found, wanted: CarRequest): string {
  const asked = JSON.stringify([path.names, wanted]);
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 16);
  return `W/"${resolved.cid}.car.${digest}"`;
}
