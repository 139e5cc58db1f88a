import type { MetadataBlock } from './metadata-block.ts';

/** Entries of the information dictionary (ISO 32000-2, table 349) as they stand in a PDF, and the label of GB 45438-2025. */
const ENTRY =
  /\/(Producer|Creator|CreationDate|ModDate|AIGC)\s{0,8}(?:\(((?:[^()\\]|\\[\s\S]){0,2048})\)|<([0-9A-Fa-f\s]{0,8192})>)/g;
const MOST_ENTRIES = 1_000;

/** Yields the texts of information dictionaries in a piece of a PDF. Encrypted ones read as nonsense. */
export function* pdfInformation(text: string): Generator<MetadataBlock> {
  let count = 0;
  for (const [, key = '', literal, hex] of text.matchAll(ENTRY)) {
    count += 1;
    if (count > MOST_ENTRIES) return;
    const value = () => ({ text: decoded(literal, hex), isCut: false });
    yield { kind: 'text', place: 'pdf', key, text: value };
  }
}

/** ISO 32000-2, 7.3.4 and 7.9.2: escapes, then UTF-16 with a byte order mark or one byte a letter. */
function decoded(literal: string | undefined, hex: string | undefined): string {
  const bytes =
    literal === undefined
      ? Buffer.from((hex ?? '').replace(/\s+/g, ''), 'hex')
      : Buffer.from(unescaped(literal), 'latin1');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const whole = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return new TextDecoder('utf-16be').decode(whole);
  }
  return bytes.toString('latin1');
}

function unescaped(literal: string): string {
  return literal.replace(/\\(?:([0-7]{1,3})|([\s\S]))/g, (_, octal, letter) =>
    octal === undefined ? letter : String.fromCharCode(Number.parseInt(octal, 8) & 0xff),
  );
}
