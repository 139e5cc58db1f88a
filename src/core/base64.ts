const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LETTERS = new TextEncoder().encode(ALPHABET);
const PADDING = 0x3d;
const SIX_BITS = 0x3f;

const ascii = new TextDecoder();

/** Returns the standard Base64 of RFC 4648 §4, with padding. A megabyte takes some milliseconds. */
export function toBase64(bytes: Uint8Array): string {
  const letters = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  // What lies beyond the end counts as zero.
  const letter = (bits: number) => LETTERS[bits & SIX_BITS] ?? 0;
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    letters[to] = letter(three >> 18);
    letters[to + 1] = letter(three >> 12);
    if (left > 1) letters[to + 2] = letter(three >> 6);
    if (left > 2) letters[to + 3] = letter(three);
    to += 4;
  }
  return ascii.decode(letters);
}

/** Returns the bytes that the one canonical spelling stands for, undefined for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  let octets: string;
  try {
    octets = atob(text);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(octets.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = octets.charCodeAt(at);
  return toBase64(bytes) === text ? bytes : undefined;
}
