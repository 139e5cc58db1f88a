import { randomBytes } from 'node:crypto';
import type { Clock, RandomBytes } from '../core/ports/environment.ts';

/** What an archive takes from the machine it runs on. Tests give their own. */
export interface Environs {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export const systemEnvirons: Environs = { clock: Date.now, randomBytes: pooledBytes };

/** Every record has a nonce, and asking the operating system for each costs more than hashing it. */
const POOL_BYTES = 4_096;

let pool = Buffer.alloc(0);

/** Returns fresh bytes; none is given out twice. */
function pooledBytes(length: number): Uint8Array {
  if (length > POOL_BYTES) return randomBytes(length);
  if (length > pool.length) pool = randomBytes(POOL_BYTES);
  const given = Uint8Array.from(pool.subarray(0, length));
  pool = pool.subarray(length);
  return given;
}
