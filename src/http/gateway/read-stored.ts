import type { Archive } from '../../archive/archive.ts';
import type { Cid } from '../../core/cid.ts';

/** Returns bytes of a stored file for readers who come again and again: few of them on the spot. */
export function readStored(
  content: Pick<Archive['content'], 'read' | 'readAtOnce'>,
  cid: Cid,
  offset: number,
  length: number,
): Uint8Array | AsyncIterable<Uint8Array> {
  const few = content.readAtOnce(cid, offset, length);
  return few ?? content.read(cid, { offset, length, isHashed: false });
}
