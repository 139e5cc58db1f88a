import { isUtf8 } from 'node:buffer';
import { hasAscii, toBuffer } from './bytes.ts';

/** Returns the text of bytes that are UTF-8 or, failing that, Latin-1, without the NULs around it. */
export function decodeUtf8OrLatin1(bytes: Uint8Array): string {
  return trimNuls(toBuffer(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1'));
}

/**
 * Returns the text of an XML document: UTF-16 if it begins so, else UTF-8 (XML 1.0, appendix F).
 * Bytes that do not fit are replaced, never refused.
 */
export function decodeXml(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) {
    return new TextDecoder('utf-16le').decode(bytes);
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) {
    return new TextDecoder('utf-16be').decode(bytes);
  }
  return new TextDecoder().decode(bytes);
}

/**
 * Returns the text of an EXIF UserComment (Exif 2.32, 4.6.5): eight bytes name the encoding.
 *
 * Writers disagree: `UNICODE` is UTF-16 in either byte order whatever the order of the TIFF around
 * it, and some leave the eight bytes out.
 */
export function decodeUserComment(bytes: Uint8Array): string {
  if (hasAscii(bytes, 0, 'UNICODE\0')) return decodeUtf16(bytes.subarray(8));
  const hasPrefix = hasAscii(bytes, 0, 'ASCII\0\0\0') || hasAscii(bytes, 0, '\0\0\0\0\0\0\0\0');
  const text = hasPrefix ? bytes.subarray(8) : bytes;
  return hasNulsBetween(text) ? decodeUtf16(text) : decodeUtf8OrLatin1(text);
}

/** Half of the bytes of Latin text in UTF-16 are zero; on which side tells the byte order. */
function decodeUtf16(bytes: Uint8Array): string {
  const { even, odd } = countNuls(bytes);
  const isLittle =
    hasAscii(bytes, 0, '\xff\xfe') || (odd > even && !hasAscii(bytes, 0, '\xfe\xff'));
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return trimNuls(new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(whole));
}

function hasNulsBetween(bytes: Uint8Array): boolean {
  const { even, odd } = countNuls(bytes);
  return even + odd > Math.min(bytes.length, NUL_SAMPLE) / 4;
}

const NUL_SAMPLE = 512;

function countNuls(bytes: Uint8Array): { readonly even: number; readonly odd: number } {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < Math.min(bytes.length, NUL_SAMPLE); at += 1) {
    if (bytes[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  return { even, odd };
}

function trimNuls(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === 0) start += 1;
  while (end > start && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(start, end);
}
