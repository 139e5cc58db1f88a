import { createHash } from 'node:crypto';
import { toHex } from '../../core/hash.ts';
import { refused } from './refused.ts';

/**
 * The header of a Bitcoin block, 80 bytes: version 4, previous hash 32, merkle root 32, time 4,
 * bits 4, nonce 4, numbers with the lowest byte first (Bitcoin developer reference, "Block headers").
 */
export interface BitcoinHeader {
  readonly merkleRoot: Uint8Array;
  readonly timeMs: number;
  /** As block explorers write it. */
  readonly hash: string;
}

/** Least difficulty of the main chain from a year on, rounded down: work that a header must show. */
const LEAST_DIFFICULTY = [
  [2020, 10n ** 13n],
  [2018, 10n ** 12n],
  [2016, 10n ** 11n],
  [2014, 10n ** 9n],
  [2013, 10n ** 6n],
  [2009, 1n],
] as const;
/** The target at difficulty 1. */
const EASIEST = 0xffffn << 208n;

/**
 * Reads a header whose hash has the work that its own bits ask for, and no less than the main chain
 * asked for at its time.
 *
 * @throws {ArchiveError} `proof_invalid`.
 */
export function readHeader(bytes: Uint8Array): BitcoinHeader {
  if (bytes.length !== 80) {
    throw refused(`needs a block header of 80 bytes; this one has ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 80);
  const timeMs = view.getUint32(68, true) * 1000;
  const target = targetOf(view.getUint32(72, true));
  const year = new Date(timeMs).getUTCFullYear();
  const least = LEAST_DIFFICULTY.find(([from]) => year >= from)?.[1];
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
  const hash = toHex(sha256(sha256(bytes)).reverse());
  if (least === undefined || target > EASIEST / least || BigInt(`0x${hash}`) > target) {
    throw refused('comes with a block header that lacks the proof of work of its time');
  }
  return { merkleRoot: bytes.slice(36, 68), timeMs, hash };
}

/** Compact form: a byte of length and three of mantissa, whose highest bit is a sign. */
function targetOf(bits: number): bigint {
  const mantissa = BigInt(bits & 0x7fffff);
  const shift = 8 * ((bits >>> 24) - 3);
  if ((bits & 0x800000) !== 0) return 0n;
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
}
