import { type Cid, CODEC, codecOf } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { decodeFileNode, type FileLink } from './file-node.ts';

/** A block of a file, with the size that its parent says it has below it; undefined where none says. */
export interface FilePart {
  readonly cid: Cid;
  readonly fileSize: number | undefined;
  readonly depth: number;
}

/** What travels between nodes block by block, in the order of its DAG: parents first. */
export interface SentTree {
  readonly top: FilePart;
  /** Returns what a block links to and what travels with it. @throws {ArchiveError} `input_invalid`. */
  childrenOf(part: FilePart, bytes: Uint8Array): readonly FilePart[];
}

/** As deep as a file is read. */
const MAX_DEPTH = 32;

/** Returns the whole file as its first part. */
export function wholeFile(root: Cid, size: number): FilePart {
  return { cid: root, fileSize: size, depth: 0 };
}

/** Returns a whole file as a tree. */
export function fileTree(root: Cid, size: number): SentTree {
  return { top: wholeFile(root, size), childrenOf };
}

/**
 * Returns what a block of a file links to, each once, after checking that it is what its parent says.
 *
 * @throws {ArchiveError} `input_invalid` if it is no block of a file, or of another size, or says two
 * sizes of one block.
 */
export function childrenOf({ cid, fileSize, depth }: FilePart, bytes: Uint8Array): FilePart[] {
  if (codecOf(cid) === CODEC.raw) {
    assertSize(cid, bytes.length, fileSize);
    return [];
  }
  if (codecOf(cid) !== CODEC.dagPb || depth > MAX_DEPTH) {
    throw new ArchiveError('input_invalid', `${cid} is no block of a file`);
  }
  const node = decodeFileNode(bytes);
  assertSize(cid, node.fileSize, fileSize);
  return distinct(cid, node.children).map((child) => {
    return { cid: child.cid, fileSize: child.fileSize, depth: depth + 1 };
  });
}

/** Says whether the error says that a stored block cannot be had from here. */
export function isBlockDamage(error: unknown): error is ArchiveError {
  const isOurs = error instanceof ArchiveError;
  return isOurs && ['block_missing', 'block_corrupt', 'home_corrupt'].includes(error.code);
}

function distinct(parent: Cid, children: readonly FileLink[]): readonly FileLink[] {
  const sizes = new Map<Cid, number>();
  return children.filter(({ cid, fileSize }) => {
    const said = sizes.get(cid);
    if (said === undefined) return sizes.set(cid, fileSize);
    if (said === fileSize) return false;
    throw new ArchiveError('input_invalid', `${parent} says two sizes of ${cid}`);
  });
}

function assertSize(cid: Cid, actual: number, said: number | undefined): void {
  if (said === undefined || actual === said) return;
  throw new ArchiveError('input_invalid', `${cid} has ${actual} bytes, not ${said} as was said`);
}
