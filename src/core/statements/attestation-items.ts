import { z } from 'zod';
import { type Cid, cidFromBytes, cidToBytes } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { type Sha256, toHex } from '../hash.ts';
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from '../merkle/tree.ts';
import { MAX_ITEM_PAGES } from './asset-kinds.ts';
import { type Block, decodeBlock, encodeBlock, encodeValue } from './block.ts';
import { code, date, digitalSourceType, hex32, natural, sourceCode } from './fields.ts';
import type { BodyOf } from './kinds.ts';

/**
 * What a set attestation says of each member of its set, one item a member and in the set's order, on
 * pages that belong to the entry of the attestation.
 */

const item = z.strictObject({
  /** The member's CID as bytes, since blocks hold no links. */
  asset: z.instanceof(Uint8Array),
  /** What the institution calls it: an inventory number or shelf mark. */
  item: code,
  /** The latest day that it can be from. */
  date,
  /** Who says so outside the institution: a printed catalogue, a public dump. */
  source: sourceCode,
  /** Digest of that source, where it is a file. */
  digest: hex32.nullable(),
  digitised: date,
  digitalSourceType,
  maker: z.enum(['living', 'dead', 'unknown']),
  makerDied: natural.max(9999).nullable(),
});

const page = z.strictObject({ v: z.literal(1), items: z.array(z.unknown()).min(1).max(16_384) });

export type AttestationItem = Omit<z.output<typeof item>, 'asset'> & { readonly asset: Cid };

/** Bytes of items on a page; the rest of its mebibyte is left for what frames them. */
const PAGE_BYTES = 1_000_000;

/**
 * Returns the pages of these items and what an attestation says of them. The items are in the order of
 * the set's members.
 *
 * @throws {ArchiveError} `input_invalid` if they need more than 64 pages: the set is to be split.
 */
export function createAttestationItems(
  items: Iterable<AttestationItem>,
  sha256: Sha256,
): Pick<BodyOf<'attestation'>, 'items' | 'count' | 'root'> & { readonly pages: readonly Block[] } {
  const pages: Block[] = [];
  let frontier = EMPTY_FRONTIER;
  let open: unknown[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) pages.push(encodeBlock({ v: 1, items: open }, sha256));
    open = [];
    bytes = 0;
  };
  for (const { asset, ...words } of items) {
    const value = { asset: cidToBytes(asset), ...words };
    const encoded = encodeValue(value);
    if (bytes + encoded.length > PAGE_BYTES || open.length === 16_384) close();
    open.push(value);
    bytes += encoded.length;
    frontier = appendLeaf(frontier, leafHash(encoded, sha256), sha256).frontier;
  }
  close();
  if (pages.length > MAX_ITEM_PAGES) {
    throw invalid(
      `the items need ${pages.length} pages, an attestation has up to ${MAX_ITEM_PAGES}; split it`,
    );
  }
  const root = toHex(rootOf(frontier, sha256));
  return { items: pages.map(({ cid }) => cid), count: frontier.size, root, pages };
}

/**
 * Yields the items of an attestation, which must be those of the set's members, one each and in order.
 * What was yielded before it throws is not to be used.
 *
 * @throws {ArchiveError} `input_invalid` naming what does not agree, and what `block` throws.
 */
export function* readAttestationItems(
  body: Pick<BodyOf<'attestation'>, 'items' | 'count' | 'root'>,
  members: readonly Cid[],
  block: (cid: Cid) => Uint8Array,
  sha256: Sha256,
): Generator<AttestationItem, void> {
  let frontier = EMPTY_FRONTIER;
  for (const cid of body.items) {
    const read = page.safeParse(decodeBlock(block(cid)));
    if (!read.success) throw invalid(`not a page of items: ${faultOf(read.error)}`);
    for (const value of read.data.items) {
      const place = frontier.size;
      const one = item.safeParse(value);
      if (!one.success) throw invalid(`item ${place}: ${faultOf(one.error)}`);
      const asset = cidFromBytes(one.data.asset);
      if (asset !== members[place]) throw invalid(`item ${place} is not of the set's member`);
      frontier = appendLeaf(frontier, leafHash(encodeValue(value), sha256), sha256).frontier;
      yield { ...one.data, asset };
    }
  }
  if (frontier.size !== members.length || frontier.size !== body.count) {
    throw invalid(`it holds ${frontier.size} items, the set has ${members.length} members`);
  }
  if (toHex(rootOf(frontier, sha256)) !== body.root) {
    throw invalid('the items do not match the Merkle root of the attestation');
  }
}

function invalid(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', problem);
}
