import { hash } from 'node:crypto';

/** SHA-256 by OpenSSL, without making a hash object. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
