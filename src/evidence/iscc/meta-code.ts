import { blake3 } from 'hash-wasm';
import { CharacterWindows, collapseText } from './collapsed-text.ts';
import { simhash } from './simhash.ts';

const CHARACTERS = 3;
const BYTES = 4;
const MOST_NAME_BYTES = 128;
const MOST_DESCRIPTION_BYTES = 4096;

/**
 * Returns the Meta-Code of a title and, where there is one, a description or the bytes of other metadata
 * (ISO 24138); undefined if nothing is left of the title.
 */
export async function metaCode(
  name: string,
  more: string | Uint8Array = '',
): Promise<Uint8Array | undefined> {
  const title = trimmed(cleaned(name).split(/\s+/u).join(' '), MOST_NAME_BYTES);
  if (title === '') return undefined;
  const extra = typeof more === 'string' ? trimmed(cleaned(more), MOST_DESCRIPTION_BYTES) : more;
  const ofTitle = await textHash(title);
  if (extra.length === 0) return ofTitle;
  const ofExtra = typeof extra === 'string' ? await textHash(extra) : await bytesHash(extra);
  const digest = new Uint8Array(32);
  for (let part = 0; part < 4; part += 1) {
    digest.set(ofTitle.subarray(4 * part, 4 * part + 4), 8 * part);
    digest.set(ofExtra.subarray(4 * part, 4 * part + 4), 8 * part + 4);
  }
  return digest;
}

async function textHash(text: string): Promise<Uint8Array> {
  const windows = new CharacterWindows(collapseText(text));
  const parts: Uint8Array[] = [];
  windows.forEach(CHARACTERS, (start, end) => parts.push(windows.bytes.subarray(start, end)));
  return simhash(await Promise.all(parts.map(digestOf)));
}

async function bytesHash(bytes: Uint8Array): Promise<Uint8Array> {
  const count = Math.max(bytes.length - BYTES + 1, 1);
  const parts = Array.from({ length: count }, (_, at) => bytes.subarray(at, at + BYTES));
  return simhash(await Promise.all(parts.map(digestOf)));
}

async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  return Buffer.from(await blake3(bytes), 'hex');
}

/** In form NFKC, without control characters, and with at most two line ends on end. */
function cleaned(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/(?![\n\v\f\r\x85\u2028\u2029])\p{C}/gu, '')
    .replace(/[\n\v\f\r\x85\u2028\u2029]/gu, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The longest start that fits into so many bytes of UTF-8. */
function trimmed(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read).trim();
}
