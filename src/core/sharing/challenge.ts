import { type Cid, cidToBytes } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import { concatBytes, type Sha256 } from '../hash.ts';

/** A run of bytes of an asset. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Who asks whom with what: an answer to one question is of no use for any other. */
export interface Challenge {
  /** 16 fresh random bytes. */
  readonly nonce: Uint8Array;
  readonly challenger: Did;
  readonly holder: Did;
}

/** Up to this size, all of an asset is asked for. */
const WHOLE_BYTES = 65_536;

const RANGES = 4;
const RANGE_BYTES = 16_384;

const utf8 = new TextEncoder();

/** Returns which bytes of an asset a challenge is about; nobody can know before the nonce is out. */
export function challengedRanges(
  nonce: Uint8Array,
  asset: Cid,
  size: number,
  sha256: Sha256,
): readonly ByteRange[] {
  if (size <= WHOLE_BYTES) return [{ offset: 0, length: size }];
  const positions = size - RANGE_BYTES + 1;
  return Array.from({ length: RANGES }, (_, index) => {
    const digest = sha256(concatBytes(nonce, cidToBytes(asset), Uint8Array.of(index)));
    const random = digest.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
    return { offset: random % positions, length: RANGE_BYTES };
  });
}

/**
 * Returns the 32 bytes that show that somebody has these bytes of an asset.
 *
 * Both keys are part of it, so that a node that passes the question on as its own gets an answer
 * that is of no use to it. One that fetches the bytes themselves from somebody else in time cannot be
 * told from one that has them.
 */
export function challengeAnswer(
  { nonce, challenger, holder }: Challenge,
  asset: Cid,
  bytes: Uint8Array,
  sha256: Sha256,
): Uint8Array {
  const who = utf8.encode(`ringfence/challenge/1\n${challenger}\n${holder}\n`);
  return sha256(concatBytes(who, nonce, cidToBytes(asset), bytes));
}

/**
 * Returns the nonce of one question of a round. The round's own nonce is published when it is over:
 * until then no question can be foreseen from those before, and afterwards anybody can follow it.
 */
export function questionNonce(round: Uint8Array, index: number, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(round, utf8.encode(String(index)))).subarray(0, 16);
}
