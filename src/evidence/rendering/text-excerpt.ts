import type { Original, Preview } from '../../core/ports/rendering.ts';
import { wordsOf } from '../fingerprints/text.ts';

const MOST_BYTES = 64 * 1024;
const MOST_CHARACTERS = 1000;
/** All but line ends and tabs that a terminal or page might act upon. */
const CONTROLS = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns the beginning of a text; of HTML that of what is between its tags. */
export async function textExcerpt({ read, mediaType }: Original): Promise<Preview> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of read()) {
    parts.push(Buffer.from(chunk));
    length += chunk.length;
    if (length >= MOST_BYTES) break;
  }
  const { text } = wordsOf(beginningOf(Buffer.concat(parts)), mediaType);
  const shown = text
    .replace(CONTROLS, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n(\s*\n)?\s*/g, '\n$1')
    .trim();
  return { mediaType: 'text/plain', bytes: Buffer.from(firstOf(shown)) };
}

/** No character of UTF-8 is cut in two, which would make the text look like no UTF-8. */
function beginningOf(bytes: Buffer): Buffer {
  if (bytes.length <= MOST_BYTES) return bytes;
  let end = MOST_BYTES;
  while (end > MOST_BYTES - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function firstOf(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MOST_CHARACTERS));
  if (text.length <= MOST_CHARACTERS) return text;
  return `${characters.slice(0, MOST_CHARACTERS).join('')}…`;
}
