const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 25 letters of 32 are 125 bits: whoever has every hash and all the time guesses no code. */
const CODE_LETTERS = 25;

/** Fresh random bytes that {@link oneTimeCode} needs, one for each letter. */
export const CODE_BYTES = CODE_LETTERS;

/** Returns a code of 25 letters (Base32 of RFC 4648), from as many fresh random bytes. */
export function oneTimeCode(random: Uint8Array): string {
  return Array.from(random, (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}

/** As people write it down: groups of five. */
export function printedCode(code: string): string {
  return code.match(/.{1,5}/g)?.join('-') ?? '';
}

/** Returns a code as it was made, however it was typed: spaces, hyphens and small letters do not matter. */
export function typedCode(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}
