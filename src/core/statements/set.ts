import { z } from 'zod';
import { type Cid, cidFromBytes, cidToBytes } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { compareBytes, type Sha256, toHex } from '../hash.ts';
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf, rootOfLeaves } from '../merkle/tree.ts';
import { type Block, decodeBlock, encodeBlock } from './block.ts';
import { documentCid, hex32, natural } from './fields.ts';

/**
 * A frozen set of assets: one small root document over pages of sorted CIDs. One statement about a
 * set speaks of all its members. Pages hold the CIDs as byte strings, not as links.
 */

/** CIDs in a page; 16,384 of 36 bytes stay well under 1 MiB. */
const PAGE_SIZE = 16_384;
const MAX_PAGES = 64;

/** Greatest number of assets in a set: 1,048,576. */
export const MAX_SET = PAGE_SIZE * MAX_PAGES;

const setRoot = z.strictObject({
  v: z.literal(1),
  count: natural.min(1),
  /** RFC 6962 root over the members' CID bytes, in order. */
  root: hex32,
  pages: z.array(documentCid).min(1).max(MAX_PAGES),
});

const setPage = z.strictObject({
  v: z.literal(1),
  members: z.array(z.instanceof(Uint8Array)).min(1).max(PAGE_SIZE),
});

export type SetRoot = z.output<typeof setRoot>;

export interface AssetSet {
  readonly cid: Cid;
  readonly count: number;
  /** Root document first, then its pages. */
  readonly blocks: readonly Block[];
}

/**
 * Returns the set of these assets; order and repetitions do not matter.
 *
 * @throws {ArchiveError} `input_invalid` for an empty set or one of more than 1,048,576 assets.
 */
export function createSet(assets: Iterable<Cid>, sha256: Sha256): AssetSet {
  const members = [...new Set(assets)].map((cid) => cidToBytes(cid)).sort(compareBytes);
  if (members.length === 0 || members.length > MAX_SET) {
    throw new ArchiveError(
      'input_invalid',
      `a set has 1 to ${MAX_SET} assets, not ${members.length}; split it`,
    );
  }
  const pages: Block[] = [];
  for (let start = 0; start < members.length; start += PAGE_SIZE) {
    pages.push(encodeBlock({ v: 1, members: members.slice(start, start + PAGE_SIZE) }, sha256));
  }
  const root = encodeBlock(
    {
      v: 1,
      count: members.length,
      root: toHex(rootOfLeaves(members, sha256)),
      pages: pages.map((page) => page.cid),
    },
    sha256,
  );
  return { cid: root.cid, count: members.length, blocks: [root, ...pages] };
}

/** @throws {ArchiveError} `input_invalid` if the block is no set root. */
export function decodeSetRoot(bytes: Uint8Array): SetRoot {
  const read = setRoot.safeParse(decodeBlock(bytes));
  if (!read.success) {
    throw new ArchiveError('input_invalid', `not a set: ${faultOf(read.error)}`);
  }
  return read.data;
}

/**
 * Reads the pages of a set one after another, so that a set of any size needs the memory of one page.
 * Every method throws `input_invalid` naming what does not agree.
 */
export class SetReader {
  readonly #root: SetRoot;
  readonly #sha256: Sha256;
  #frontier = EMPTY_FRONTIER;
  #previous: Uint8Array | undefined;

  constructor(root: SetRoot, sha256: Sha256) {
    this.#root = root;
    this.#sha256 = sha256;
  }

  /** Yields the members of the next page in order; the caller may pause between them. */
  *page(bytes: Uint8Array): Generator<Cid, void> {
    const page = setPage.safeParse(decodeBlock(bytes));
    if (!page.success) throw invalid(`not a page of a set: ${faultOf(page.error)}`);
    for (const member of page.data.members) {
      const place = this.#frontier.size;
      if (this.#previous !== undefined && compareBytes(this.#previous, member) >= 0) {
        throw invalid(`member ${place} of the set is out of order`);
      }
      this.#previous = member;
      const leaf = leafHash(member, this.#sha256);
      this.#frontier = appendLeaf(this.#frontier, leaf, this.#sha256).frontier;
      yield cidFromBytes(member);
    }
  }

  /** Returns if the pages read were all of the set. */
  end(): void {
    const { count, root } = this.#root;
    if (this.#frontier.size !== count) {
      throw invalid(`the set says ${count} members, its pages hold ${this.#frontier.size}`);
    }
    if (toHex(rootOf(this.#frontier, this.#sha256)) !== root) {
      throw invalid('the members of the set do not match its Merkle root');
    }
  }
}

/**
 * Returns the members of a set, in order, after checking that pages, order, count and root agree.
 *
 * @throws {ArchiveError} `input_invalid` naming what does not agree.
 */
export function readSet(root: SetRoot, pages: readonly Uint8Array[], sha256: Sha256): Cid[] {
  const reader = new SetReader(root, sha256);
  const members = pages.flatMap((bytes) => [...reader.page(bytes)]);
  reader.end();
  return members;
}

function invalid(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', problem);
}
