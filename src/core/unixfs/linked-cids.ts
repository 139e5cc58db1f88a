import { ArchiveError } from '../errors.ts';

/** CIDv1 with a codec of one byte and sha2-256: version, codec, hash code, hash length, digest. */
const CID_BYTES = 36;
/** What comes before and after the codec. */
const [VERSION, SHA2_256, DIGEST_BYTES] = [1, 0x12, 32];

/** Field and wire type of `PBNode.Links` and `PBNode.Data`, and of `PBLink.Hash` (IPLD dag-pb specification). */
const KEY = { links: 0x12, data: 0x0a, hash: 0x0a };

/**
 * Returns the CIDs that a dag-pb block links to, in order, as views of its bytes. Nothing else of it is read:
 * for whoever looks for a few among hundreds of thousands, of which none need be spelled.
 *
 * @throws {ArchiveError} `input_invalid` for a block that is not laid out as dag-pb wants it, or links
 * to what is no block of the archive: nobody may take it for one without the CID looked for.
 */
export function linkedCids(block: Uint8Array): readonly Uint8Array[] {
  const cids: Uint8Array[] = [];
  let at = 0;
  while (at < block.length) {
    const { start, end } = fieldAt(block, at + 1);
    // Links come first, then data once.
    const isData = block[at] === KEY.data && end === block.length;
    if (!isData) {
      if (block[at] !== KEY.links) throw malformed('a field that is neither link nor data');
      cids.push(cidAt(block, start, end));
    }
    at = end;
  }
  return cids;
}

/** Returns where the value of a field of bytes lies, whose length begins at `at`. */
function fieldAt(block: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  let [length, scale, start] = [0, 1, at];
  for (let isLast = false; !isLast; scale *= 0x80, start += 1) {
    const byte = block[start];
    if (byte === undefined) throw malformed('a field without its length');
    length += (byte & 0x7f) * scale;
    isLast = byte < 0x80;
  }
  const end = start + length;
  if (end > block.length) throw malformed('a field that ends behind it');
  return { start, end };
}

function cidAt(block: Uint8Array, start: number, end: number): Uint8Array {
  const hash = start + 2;
  const isUsual =
    hash + CID_BYTES <= end &&
    block[start] === KEY.hash &&
    block[start + 1] === CID_BYTES &&
    block[hash] === VERSION &&
    block[hash + 2] === SHA2_256 &&
    block[hash + 3] === DIGEST_BYTES;
  if (!isUsual) throw malformed('a link without a CIDv1 with sha2-256 at its beginning');
  return block.subarray(hash, hash + CID_BYTES);
}

function malformed(what: string): ArchiveError {
  return new ArchiveError('input_invalid', `this is not a dag-pb block of the archive: ${what}`);
}
