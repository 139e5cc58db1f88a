/** How much of this node others may take up by bitswap. */
export interface BitswapLimits {
  /** Wants of one peer that wait; further ones are forgotten. */
  readonly wants: number;
  /** Streams that one peer has open. */
  readonly streams: number;
  /** Bytes of a message from a peer that is asked for nothing, and of all that it sends at once. */
  readonly requestBytes: number;
  /** What one visitor is given in a second. */
  readonly visitor: Rate;
  /** What all visitors together are given in a second. */
  readonly visitors: Rate;
  /** What one member is given in a second. */
  readonly member: Rate;
  /** How long a message may take, beside what its length allows. */
  readonly graceMs: number;
  /** How long a peer that was asked may say nothing of use. */
  readonly patienceMs: number;
}

export interface Rate {
  readonly wants: number;
  readonly bytes: number;
}

export const BITSWAP_LIMITS: BitswapLimits = {
  wants: 1_024,
  streams: 8,
  requestBytes: 1_048_576,
  visitor: { wants: 1_000, bytes: 16 * 1_048_576 },
  visitors: { wants: 4_000, bytes: 64 * 1_048_576 },
  member: { wants: 20_000, bytes: 256 * 1_048_576 },
  graceMs: 10_000,
  patienceMs: 30_000,
};
