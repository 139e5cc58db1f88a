import { concatBytes, fromHex, type Sha256, toHex } from '../hash.ts';

/** What a consent says of its one-time code; the code itself is told to the maker alone. */
export interface CodeLock {
  /** 16 bytes in hexadecimal. */
  readonly salt: string;
  /** SHA-256 over the salt's bytes and the code's ASCII, in hexadecimal. */
  readonly hash: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 25 letters of 32 are 125 bits: whoever has every lock and all the time guesses no code. */
const CODE_LETTERS = 25;

/** Fresh random bytes that {@link withdrawalCode} needs, one for each letter. */
export const CODE_BYTES = CODE_LETTERS;

/** Returns a code of 25 letters (Base32 of RFC 4648), from as many fresh random bytes. */
export function withdrawalCode(random: Uint8Array): string {
  return Array.from(random, (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}

export function lockOf(code: string, salt: Uint8Array, sha256: Sha256): CodeLock {
  return { salt: toHex(salt), hash: hashOf(code, salt, sha256) };
}

/** Says whether a code is the one that a consent's lock was made for; where there is none, no code is. */
export function opensLock(code: string, lock: CodeLock | null, sha256: Sha256): boolean {
  const salt = lock === null ? undefined : fromHex(lock.salt);
  return lock !== null && salt !== undefined && hashOf(code, salt, sha256) === lock.hash;
}

/** As people write it down: groups of five. */
export function printedCode(code: string): string {
  return code.match(/.{1,5}/g)?.join('-') ?? '';
}

/** Returns a code as it was made, however it was typed: spaces, hyphens and small letters do not matter. */
export function typedCode(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}

function hashOf(code: string, salt: Uint8Array, sha256: Sha256): string {
  return toHex(sha256(concatBytes(salt, new TextEncoder().encode(code))));
}
