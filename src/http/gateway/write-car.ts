import { encode } from '@ipld/dag-cbor';
import type { Response } from 'express';
import type { CID } from 'multiformats/cid';
import { flushed } from '../written.ts';

/**
 * Writes blocks as a CAR of version 1 with one root, one at a time and only as fast as it is read, and ends
 * the answer. Of a block that is met later nothing can be told any more: what goes wrong cuts it off.
 */
export async function writeCar(
  res: Response,
  root: CID,
  blocks: AsyncIterable<{ readonly cid: CID; readonly bytes: Uint8Array }>,
): Promise<void> {
  const header = encode({ roots: [root], version: 1 });
  await flushed(res, Buffer.concat([varint(header.length), header]));
  for await (const { cid, bytes } of blocks) {
    const length = varint(cid.bytes.length + bytes.length);
    res.write(Buffer.concat([length, cid.bytes]));
    await flushed(res, bytes);
    if (res.destroyed) return;
  }
  res.end();
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
