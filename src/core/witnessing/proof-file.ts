import { z } from 'zod';
import { fromBase64, toBase64 } from '../base64.ts';
import type { Cid } from '../cid.ts';
import { parseStrictJson } from '../entries/strict-json.ts';
import { ArchiveError } from '../errors.ts';
import type { Block } from '../statements/block.ts';
import {
  assetCid,
  cid,
  documentCid,
  type EntryHash,
  entryHash,
  natural,
} from '../statements/fields.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';

/** Where one leaf lies in a tree. */
export interface LeafProof {
  readonly index: number;
  /** The audit path, leaf side first. */
  readonly hashes: readonly Uint8Array[];
}

/** Everything that shows what one home's log says of an asset, in one file. */
export interface AssetProof {
  readonly address: string;
  readonly asset: Cid;
  /** The signed note of the log's tree, with the lines of those who confirmed it. */
  readonly checkpoint: string;
  /** The entries, the first of which speaks of the asset, each with its place in the tree. */
  readonly entries: readonly (LeafProof & { readonly entry: EntryHash })[];
  /** Sets that statements are about, each with the asset's place among the members. */
  readonly sets: readonly (LeafProof & { readonly set: Cid })[];
  /** Manifest, charter, entries, batches, roots of sets, envelopes. */
  readonly blocks: readonly Block[];
}

const hash = z.base64().length(44);
const leafProof = { index: natural, hashes: z.array(hash).max(63) };

const head = z.strictObject({
  v: z.literal(1),
  address: z.string().max(128),
  asset: assetCid,
  entries: z
    .array(z.strictObject({ entry: entryHash, ...leafProof }))
    .min(1)
    .max(65_536),
  sets: z.array(z.strictObject({ set: documentCid, ...leafProof })).max(65_536),
});

const block = z.strictObject({ cid, bytes: z.base64() });

/**
 * Returns a proof as a C2SP tlog-proof (c2sp.org/tlog-proof) of the first entry. Its extra data are lines
 * of JSON: one that says what is proven and where every entry lies, then one for each block.
 */
export function formatAssetProof(proof: AssetProof): string {
  const [first] = proof.entries;
  if (first === undefined) throw new RangeError('a proof of no entry');
  const text = (hashes: readonly Uint8Array[]) => hashes.map(toBase64);
  const lines = [
    {
      v: 1,
      address: proof.address,
      asset: proof.asset,
      entries: proof.entries.map(({ entry, index, hashes }) => ({
        entry,
        index,
        hashes: text(hashes),
      })),
      sets: proof.sets.map(({ set, index, hashes }) => ({ set, index, hashes: text(hashes) })),
    },
    ...proof.blocks.map(({ cid: name, bytes }) => ({ cid: name, bytes: toBase64(bytes) })),
  ];
  const extra = new TextEncoder().encode(
    `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
  const { index, hashes } = first;
  return formatTlogProof({ index, hashes, checkpoint: proof.checkpoint, extra });
}

/**
 * Returns the parts of a proof. Nothing is checked but that the text is what {@link formatAssetProof} makes
 * of them, so that no part of it is without meaning.
 *
 * @throws {ArchiveError} `proof_invalid`.
 */
export function parseAssetProof(text: string): AssetProof {
  try {
    const { checkpoint, extra } = parseTlogProof(text);
    const said = new TextDecoder('utf-8', { fatal: true }).decode(extra ?? new Uint8Array(0));
    const [first = '', ...others] = said.split('\n').slice(0, -1);
    const { address, asset, entries, sets } = head.parse(parseStrictJson(first));
    const blocks = others.map((line) => {
      const { cid: name, bytes } = block.parse(parseStrictJson(line));
      return { cid: name, bytes: bytesOf(bytes) };
    });
    const proof: AssetProof = {
      address,
      asset,
      checkpoint,
      entries: entries.map((one) => ({ ...one, hashes: one.hashes.map(bytesOf) })),
      sets: sets.map((one) => ({ ...one, hashes: one.hashes.map(bytesOf) })),
      blocks,
    };
    if (formatAssetProof(proof) !== text) throw refusal('is not written in its one form');
    return proof;
  } catch (cause) {
    if (cause instanceof ArchiveError && cause.code === 'proof_invalid') throw cause;
    const isForm =
      cause instanceof ArchiveError || cause instanceof z.ZodError || cause instanceof TypeError;
    if (!isForm) throw cause;
    throw refusal('is damaged, or no proof about an asset', cause);
  }
}

export function refusal(problem: string, cause?: unknown): ArchiveError {
  return new ArchiveError('proof_invalid', `this proof ${problem}`, { cause });
}

function bytesOf(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw refusal('holds base64 in another than its one form');
  return bytes;
}
