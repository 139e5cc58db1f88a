import { concatBytes, type Sha256, toHex } from '../hash.ts';
import type { Arrival } from '../ports/ledger.ts';

/** 1,024 sums modulo 2^16: the parameters that {@link StateDigest} names. */
const LANES = 1_024;
const SUM_BYTES = LANES * 2;
const BLOCK_BYTES = 32;

/**
 * A digest over the statements that stand: the same on every node that holds the same entries, in
 * whatever order they came. Void and unknown statements, arrival numbers and records are not in it.
 *
 * Each entry with standing statements is one element: its hash, and who says each of them. Elements
 * are added up, so their order does not matter. The sum is LtHash (Bellare and
 * Micciancio, Eurocrypt 1997) with 1,024 lanes of 16 bits, for which Lewi, Kim, Maykov and Weis
 * (IACR ePrint 2019/227) give at least 200 bits against collisions; plain sums or exclusive ors of
 * short digests have far less. An element is stretched by MGF1 with SHA-256 (RFC 8017, B.2.1).
 */
export class StateDigest {
  readonly #sha256: Sha256;
  readonly #sum = new Uint16Array(LANES);

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  add({ entry, standing }: Pick<Arrival, 'entry' | 'standing'>): void {
    if (standing.length === 0) return;
    const said = standing
      .map(({ id, author, organisation, roles }) => [id, author, organisation, ...roles].join(' '))
      .sort();
    const seed = this.#sha256(new TextEncoder().encode([entry, ...said].join('\n')));
    const stretched = new DataView(stretch(seed, this.#sha256).buffer);
    for (let lane = 0; lane < LANES; lane += 1) {
      // An element of a typed array wraps at 2^16.
      this.#sum[lane] = (this.#sum[lane] ?? 0) + stretched.getUint16(lane * 2, true);
    }
  }

  /** Returns the SHA-256 of the sum, in hexadecimal. */
  toString(): string {
    const bytes = new Uint8Array(SUM_BYTES);
    const view = new DataView(bytes.buffer);
    for (const [lane, value] of this.#sum.entries()) view.setUint16(lane * 2, value, true);
    return toHex(this.#sha256(bytes));
  }
}

function stretch(seed: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = new Uint8Array(SUM_BYTES);
  for (let block = 0; block < SUM_BYTES / BLOCK_BYTES; block += 1) {
    bytes.set(sha256(concatBytes(seed, Uint8Array.of(0, 0, 0, block))), block * BLOCK_BYTES);
  }
  return bytes;
}
