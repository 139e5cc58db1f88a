import { hash } from 'node:crypto';

/** Returns the 32 bytes of sha2-256. */
export function digest(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
