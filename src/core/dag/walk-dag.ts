import type { CID } from 'multiformats/cid';
import { ArchiveError } from '../errors.ts';
import type { Blocks } from './blocks.ts';
import { dagNode, linksOf, prefixLength } from './dag-node.ts';
import type { Resolved } from './resolve-path.ts';
import { SeenCids } from './seen-cids.ts';

/** A part of a file: bytes `from` to `to`, both within it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What of a DAG is wanted, as the trustless gateway specification has it. */
export interface WalkOptions {
  readonly scope: 'all' | 'entity' | 'block';
  /** Of a file, with the scope `entity`. */
  readonly span?: Span | undefined;
  /** Whether a block that occurs twice is told twice. */
  readonly dups: boolean;
}

export interface WalkedBlock {
  readonly cid: CID;
  readonly bytes: Uint8Array;
  /** Where, in the file that is walked with the scope `entity`, the bytes of this block begin. */
  readonly start: number;
}

/** Links that wait to be followed, over all blocks above the one that is read. */
const MAX_WAITING = 1_000_000;

/**
 * Yields the blocks on the way to the end of a path and then those of what lies there, depth first.
 * Holds one block at a time, and the links that are still to be followed.
 *
 * @throws {ArchiveError} `block_missing`, `block_corrupt`, `input_invalid` where blocks contradict each
 * other, or a million links wait.
 */
export async function* walkDag(
  blocks: Blocks,
  { way, cid: end }: Pick<Resolved, 'way' | 'cid'>,
  options: WalkOptions,
): AsyncGenerator<WalkedBlock> {
  const seen = options.dups ? undefined : new SeenCids();
  for (const cid of way.slice(0, -1)) {
    if (isIdentity(cid) || seen?.add(cid) !== false) {
      yield { cid, bytes: await blocks.get(cid), start: 0 };
    }
  }
  const stack: Wanted[][] = [[{ cid: end, span: options.span, start: 0, size: undefined }]];
  let waiting = 1;
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const next = level.pop();
    // A level that is done goes before the next is begun: a chain of blocks needs no more room than one.
    if (level.length === 0) stack.pop();
    if (next === undefined) continue;
    waiting -= 1;
    const { cid } = next;
    if (!isIdentity(cid) && seen?.add(cid) === false) continue;
    const bytes = await blocks.get(cid);
    yield { cid, bytes, start: next.start };
    if (options.scope === 'block') return;
    const below = options.scope === 'all' ? all(cid, bytes) : ofEntity(next, bytes);
    waiting += below.length;
    if (waiting > MAX_WAITING) {
      throw new ArchiveError('input_invalid', `too much lies below ${cid} to be followed at once`);
    }
    if (below.length > 0) stack.push(below.reverse());
  }
}

/** A block that is to be told, and, in a file, which part of it is wanted of what begins at `start`. */
interface Wanted {
  readonly cid: CID;
  readonly span: Span | undefined;
  readonly start: number;
  /** What its parent says; undefined for what is not part of a file. */
  readonly size: number | undefined;
}

function all(cid: CID, bytes: Uint8Array): Wanted[] {
  return linksOf(cid, bytes).map((link) => plain(link));
}

/** What belongs to a file or to the listing of a directory. */
function ofEntity({ cid, span, start, size }: Wanted, bytes: Uint8Array): Wanted[] {
  const node = dagNode(cid, bytes);
  if (node.kind === 'shard') {
    const digits = prefixLength(node.fanOut);
    return node.links.filter(({ name }) => name.length === digits).map((link) => plain(link.cid));
  }
  if (node.kind !== 'file') return [];
  if (size !== undefined && node.size !== size) {
    throw new ArchiveError('input_invalid', `${cid} has ${node.size} bytes, not ${size}`);
  }
  let at = start + node.inline.length;
  return node.parts.flatMap((part) => {
    const begin = at;
    at += part.fileSize;
    // Parts without a byte may be more than anybody can count, and hold nothing of a span.
    const isWithin = span !== undefined && at > begin && begin <= span.to && at > span.from;
    const isWanted = span === undefined || isWithin;
    return isWanted ? [{ cid: part.cid, span, start: begin, size: part.fileSize }] : [];
  });
}

function plain(cid: CID): Wanted {
  return { cid, span: undefined, start: 0, size: undefined };
}

/** Says whether the CID holds its block itself, so that none has to be told. */
export function isIdentity(cid: CID): boolean {
  return cid.multihash.code === 0;
}
