import { hash } from 'node:crypto';
import type { Clock, RandomBytes } from '../../src/core/ports/environment.ts';

/** 2026-11-22T14:28:34Z, for ever. */
export const fixedClock: Clock = () => Date.UTC(2026, 10, 22, 14, 28, 34);

/** Bytes that look random and are the same for the same seed, in the same order of calls. */
export function seededBytes(seed: string): RandomBytes {
  let call = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; filled += 32) {
      const block = hash('sha256', `${seed} ${call++}`, 'buffer');
      bytes.set(block.subarray(0, length - filled), filled);
    }
    return bytes;
  };
}
