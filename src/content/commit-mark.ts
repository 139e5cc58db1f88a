import { decode, encode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { type Cid, parseCid } from '../core/cid.ts';
import { markFrame } from './pack-format.ts';

/**
 * A mark stands in a pack where a commit ended: `["ringfence/commit/1", roots]`, DAG-CBOR under an
 * identity CID, where `roots` is the CID of a block listing the roots recorded by that commit, or
 * null. So the packs alone tell what was acknowledged and which roots are wanted; the index is a
 * cache of that.
 */
const MARK = 'ringfence/commit/1';

/** Roots per list block; keeps it well below the greatest block (41 bytes a root). */
export const MAX_ROOTS_PER_LIST = 16_384;

/** Returns the frame of a mark, naming the list of roots that the commit recorded. */
export function encodeMark(rootList: Cid | undefined): Uint8Array {
  const link = rootList === undefined ? null : CID.parse(rootList);
  return markFrame(encode([MARK, link]));
}

/** Returns the list of roots a mark names, null if it names none, undefined if it is no mark. */
export function decodeMark(payload: Uint8Array): Cid | null | undefined {
  const value = decodeOrUndefined(payload);
  if (!Array.isArray(value) || value.length !== 2 || value[0] !== MARK) return undefined;
  if (value[1] === null) return null;
  const list = CID.asCID(value[1]);
  return list === null ? undefined : parseCid(list.toString());
}

/** Returns the block that lists these roots. */
export function encodeRootList(roots: readonly Cid[]): Uint8Array {
  return encode(roots.map((root) => CID.parse(root)));
}

/** Returns the roots in a block made by {@link encodeRootList}. Call it on verified bytes only. */
export function decodeRootList(bytes: Uint8Array): Cid[] {
  const value = decodeOrUndefined(bytes);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const cid = CID.asCID(item);
    return cid === null ? [] : [parseCid(cid.toString())];
  });
}

function decodeOrUndefined(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch {
    // Not DAG-CBOR at all: the same answer as DAG-CBOR of another form.
    return undefined;
  }
}
