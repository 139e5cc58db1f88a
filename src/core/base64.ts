import { base64 } from 'multiformats/bases/base64';

/** Returns the standard Base64 of RFC 4648 §4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  // Multibase base64 is the same without padding, behind one letter that names it.
  const text = base64.encode(bytes).slice(1);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** Returns the bytes that the one canonical spelling stands for, undefined for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = base64.decode(`m${text.replace(/=+$/, '')}`);
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
