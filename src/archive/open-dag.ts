import type { CID } from 'multiformats/cid';
import { type Cid, cidFromDigest } from '../core/cid.ts';
import type { Blocks } from '../core/dag/blocks.ts';
import { isIdentity } from '../core/dag/walk-dag.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Archive } from './archive.ts';
import type { Readability } from './readability.ts';
import { removedWith } from './removing/removed-with.ts';

/** A DAG that may be read. */
export interface OpenedDag {
  readonly blocks: Blocks;
  /** Says whether what the CID names is a whole file of the archive, which the store can stream. */
  readonly isStored: boolean;
  /** Whether anybody may read it. */
  readonly isPublic: boolean;
  /** The asset or release that it is, or is a part of. */
  readonly root: Cid | undefined;
}

const SHA2_256 = 0x12;

/**
 * Opens the DAG below a CID for somebody who may read it: an asset or a release with all that is in it; a
 * block of one alone, which leads nowhere else; what is served beside the archive; or what a CID holds
 * itself. Nothing is asked of others.
 *
 * @throws {ArchiveError} `not_found` where there is none, or none for this reader; `content_withdrawn`,
 * `content_barred`.
 */
export function openDag(
  cid: CID,
  readability: (root: Cid) => Readability,
  { content, served, catalog, sha256 }: Pick<Archive, 'content' | 'served' | 'catalog' | 'sha256'>,
): OpenedDag {
  if (isIdentity(cid)) return { ...open(blocksFrom(missing)), isPublic: true };
  const known = storedCid(cid);
  const mayServe = () =>
    known === undefined || removedWith(known, { catalog, content }) === undefined;
  const getServed = async (one: CID) => {
    const bytes = await served.get(one);
    if (storedCid(one) !== undefined) return bytes;
    // What was removed is known by its sha2-256 alone.
    const same = cidFromDigest(one.code, sha256(bytes));
    return removedWith(same, { catalog, content }) === undefined ? bytes : missing(one);
  };
  if (served.has(cid) && mayServe()) return { ...open(blocksFrom(getServed)), isPublic: true };
  if (known === undefined) throw absent(cid);
  const get = (one: CID) => content.getBlock(storedCid(one) ?? missing(one));
  const isRemoved = () => catalog.access(known)?.status === 'removed';
  const self =
    content.isRoot(known) || isRemoved() ? [{ root: known, may: readability(known) }] : [];
  // What anybody may read as what it is need not be looked for in other files.
  const others = self[0]?.may === 'anybody' ? [] : content.filesWith(known);
  const found = others
    .filter((one) => content.isRoot(one))
    .map((root) => ({ root, may: readability(root) }));
  const best = ORDER.flatMap((may) => [...self, ...found].filter((one) => one.may === may))[0];
  if (best === undefined || best.may === 'hidden') throw absent(cid);
  if (best.may === 'withdrawn' || best.may === 'barred') throw refused(cid, best.may);
  const isPublic = best.may === 'anybody';
  if (best.root === known)
    return { blocks: blocksFrom(get), isStored: true, isPublic, root: known };
  // Of a part only the blocks of files that may be read are given, whatever its bytes name.
  const isReadable = (one: Cid) =>
    [one, ...content.filesWith(one)].some(
      (root) => content.isRoot(root) && ['anybody', 'reader'].includes(readability(root)),
    );
  const part = (one: CID) => {
    const stored = storedCid(one);
    return stored !== undefined && isReadable(stored) ? content.getBlock(stored) : missing(one);
  };
  return { blocks: blocksFrom(part), isStored: false, isPublic, root: best.root };
}

/** The best that any of several roots gives is what is told. */
const ORDER: readonly Readability[] = ['anybody', 'reader', 'barred', 'withdrawn'];

function open(blocks: Blocks): Omit<OpenedDag, 'isPublic'> {
  return { blocks, isStored: false, root: undefined };
}

function blocksFrom(get: (cid: CID) => Promise<Uint8Array>): Blocks {
  return {
    get: async (cid) => (isIdentity(cid) ? cid.multihash.digest : get(cid)),
  };
}

/** By what the store knows CIDs: one request asks several times, and the next ones by the same object. */
const storedCids = new WeakMap<CID, Cid>();

/** Returns the CID by which the store knows a block; undefined where it can have none. */
export function storedCid(cid: CID): Cid | undefined {
  const { code, multihash } = cid;
  if (multihash.code !== SHA2_256 || multihash.digest.length !== 32) return undefined;
  const stored = storedCids.get(cid) ?? cidFromDigest(code, multihash.digest);
  storedCids.set(cid, stored);
  return stored;
}

function missing(cid: CID): never {
  throw new ArchiveError('block_missing', `the block ${cid} is not stored here`);
}

function absent(cid: CID): ArchiveError {
  return new ArchiveError('not_found', `${cid} is no file or folder of this archive`);
}

function refused(cid: CID, why: 'withdrawn' | 'barred'): ArchiveError {
  return why === 'withdrawn'
    ? new ArchiveError('content_withdrawn', `${cid} was withdrawn and is given out no more`)
    : new ArchiveError(
        'content_barred',
        `${cid} is not given out until an objection to it is resolved`,
      );
}
