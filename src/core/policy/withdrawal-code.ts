import { concatBytes, fromHex, type Sha256, toHex } from '../hash.ts';

/** What a consent says of its one-time code; the code itself is told to the maker alone. */
export interface CodeLock {
  /** 16 bytes in hexadecimal. */
  readonly salt: string;
  /** SHA-256 over the salt's bytes and the code's ASCII, in hexadecimal. */
  readonly hash: string;
}

export function lockOf(code: string, salt: Uint8Array, sha256: Sha256): CodeLock {
  return { salt: toHex(salt), hash: hashOf(code, salt, sha256) };
}

/** Says whether a code is the one that a consent's lock was made for; where there is none, no code is. */
export function opensLock(code: string, lock: CodeLock | null, sha256: Sha256): boolean {
  const salt = lock === null ? undefined : fromHex(lock.salt);
  return lock !== null && salt !== undefined && hashOf(code, salt, sha256) === lock.hash;
}

function hashOf(code: string, salt: Uint8Array, sha256: Sha256): string {
  return toHex(sha256(concatBytes(salt, new TextEncoder().encode(code))));
}
