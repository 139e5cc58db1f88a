import { isUtf8 } from 'node:buffer';

/**
 * File names are bytes; people and catalogues need text. Valid UTF-8 is kept as it is. A byte that
 * is not part of valid UTF-8 becomes `\xNN` (two lower-case hex digits). Where a name itself holds
 * the characters `\xNN`, their backslash is written `\x5c`, so that every text has one meaning and
 * {@link bytesOfName} gives back the exact bytes.
 */

const ESCAPED = /\\x([0-9a-f]{2})/g;
const AMBIGUOUS = /\\(?=x[0-9a-f]{2})/g;
const LONGEST_SEQUENCE = 4;

/** Returns a file name, or a path, as text. Different bytes give different texts. */
export function textOfName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return textOfUtf8(bytes);
  let text = '';
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += textOfUtf8(bytes.subarray(start, at));
    text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
    at += 1;
    start = at;
  }
  return text + textOfUtf8(bytes.subarray(start));
}

/** Returns the bytes of a name that {@link textOfName} wrote, or of a name without escapes. */
export function bytesOfName(text: string): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (const match of text.matchAll(ESCAPED)) {
    parts.push(Buffer.from(text.slice(start, match.index)));
    parts.push(Buffer.from(match[1] ?? '', 'hex'));
    start = match.index + match[0].length;
  }
  parts.push(Buffer.from(text.slice(start)));
  return Buffer.concat(parts);
}

/** Returns how many bytes the UTF-8 character at `at` takes, or 0 if there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= LONGEST_SEQUENCE && at + length <= bytes.length; length += 1) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

function textOfUtf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.includes('\\') ? text.replace(AMBIGUOUS, '\\x5c') : text;
}
