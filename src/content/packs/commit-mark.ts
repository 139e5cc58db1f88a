import { decode, encode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { type Cid, parseCid } from '../../core/cid.ts';
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

/** A part of a pack, whole frames of it. */
export interface PackRegion {
  readonly pack: number;
  readonly start: number;
  readonly end: number;
}

/**
 * A frame that is given up: its block was found damaged and lies somewhere behind the mark that says so,
 * `["ringfence/dead/1", pack, start, end]`; or it was destroyed, `["ringfence/destroyed/1", pack, start,
 * end]`. What is found there, sound or not, is of no use, and is overwritten.
 */
export interface DeadRegion extends PackRegion {
  readonly isDestroyed: boolean;
}

const DEAD_MARK = 'ringfence/dead/1';
const DESTROYED_MARK = 'ringfence/destroyed/1';

/** Returns the frame of a mark that gives a part of a pack up. */
export function encodeDeadMark({ pack, start, end, isDestroyed }: DeadRegion): Uint8Array {
  return markFrame(encode([isDestroyed ? DESTROYED_MARK : DEAD_MARK, pack, start, end]));
}

/** What a mark says: which list of roots a commit recorded (null: none), or what is given up. */
export type Mark = { readonly roots: Cid | null } | { readonly dead: DeadRegion };

/** Returns what a mark says, undefined if it is none. */
export function decodeMark(payload: Uint8Array): Mark | undefined {
  const value = decodeOrUndefined(payload);
  if (!Array.isArray(value)) return undefined;
  if (value.length === 4 && (value[0] === DEAD_MARK || value[0] === DESTROYED_MARK)) {
    const [kind, pack, start, end]: unknown[] = value;
    if (!isNatural(pack) || !isNatural(start) || !isNatural(end)) return undefined;
    return { dead: { pack, start, end, isDestroyed: kind === DESTROYED_MARK } };
  }
  if (value.length !== 2 || value[0] !== MARK) return undefined;
  if (value[1] === null) return { roots: null };
  const list = CID.asCID(value[1]);
  return list === null ? undefined : { roots: parseCid(list.toString()) };
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
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
