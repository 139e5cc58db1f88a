import * as dagCbor from '@ipld/dag-cbor';
import { type Cid, CODEC, cidFromDigest } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { equalBytes, type Sha256 } from '../hash.ts';
import { encodeCanonical, MAX_DEPTH } from './canonical-cbor.ts';
import { decodeCanonical } from './decode-canonical.ts';

/** Greatest size of a batch, record, set page or other document, in bytes. */
export const MAX_BLOCK_BYTES = 1_048_576;

export interface Block {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/** A block whose CID was made from its bytes; it is frozen, so that it stays so. */
class HashedBlock implements Block {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
  readonly #isHashed = true;

  constructor(codec: number, bytes: Uint8Array, sha256: Sha256) {
    this.cid = cidFromDigest(codec, sha256(bytes));
    this.bytes = bytes;
    Object.freeze(this);
  }

  static is(block: Block): boolean {
    return #isHashed in block && block.#isHashed;
  }
}

/** Returns the block of these bytes. */
export function hashedBlock(codec: number, bytes: Uint8Array, sha256: Sha256): Block {
  return new HashedBlock(codec, bytes, sha256);
}

/** Says whether a block was made by {@link hashedBlock}, so that it need not be hashed again. */
export function isHashed(block: Block): boolean {
  return HashedBlock.is(block);
}

/**
 * Returns the canonical DAG-CBOR block of a value, with its CID.
 *
 * @throws {ArchiveError} `input_invalid` if the value breaks the rules of {@link decodeBlock}.
 */
export function encodeBlock(value: unknown, sha256: Sha256): Block {
  const bytes = encodeValue(value);
  if (bytes.length > MAX_BLOCK_BYTES) {
    throw new ArchiveError(
      'input_invalid',
      `a document of ${bytes.length} bytes is larger than ${MAX_BLOCK_BYTES}`,
    );
  }
  return { cid: cidFromDigest(CODEC.dagCbor, sha256(bytes)), bytes };
}

/**
 * Returns the value of a DAG-CBOR block that keeps the ledger's rules: canonical bytes, at most
 * 1 MiB, depth at most 16, safe integers, and no CID links (a link would make OrbitDB fetch it).
 *
 * @throws {ArchiveError} `input_invalid` naming the rule that is broken.
 */
export function decodeBlock(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BLOCK_BYTES) {
    throw new ArchiveError('input_invalid', `a block of ${bytes.length} bytes is too large`);
  }
  // No value of a block is undefined.
  return decodeCanonical(bytes) ?? decodeUnusual(bytes);
}

/** Returns the canonical DAG-CBOR of a value. @throws {ArchiveError} `input_invalid` as {@link encodeBlock}. */
export function encodeValue(value: unknown): Uint8Array {
  return encodeCanonical(value) ?? encodeUnusual(value);
}

function encodeUnusual(value: unknown): Uint8Array {
  checkValue(value, 0);
  return dagCbor.encode(value);
}

function decodeUnusual(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = dagCbor.decode(bytes);
  } catch (cause) {
    throw new ArchiveError('input_invalid', 'a block is not DAG-CBOR', { cause });
  }
  if (!equalBytes(encodeUnusual(value), bytes)) {
    throw new ArchiveError('input_invalid', 'a block is not in canonical DAG-CBOR');
  }
  return value;
}

function checkValue(value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw new ArchiveError('input_invalid', `deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') {
    // Half a surrogate pair has no UTF-8: another string would be written.
    if (!value.isWellFormed()) throw new ArchiveError('input_invalid', 'holds half a letter');
    return;
  }
  if (typeof value === 'number') {
    if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
      throw new ArchiveError('input_invalid', `the number ${value} is out of range`);
    }
    return;
  }
  if (value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, depth + 1);
    return;
  }
  if (typeof value === 'object' && isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      checkValue(key, depth);
      checkValue(item, depth + 1);
    }
    return;
  }
  throw new ArchiveError('input_invalid', 'holds a link, a big integer or another forbidden value');
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
