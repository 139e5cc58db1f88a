import type { Response } from 'express';

/** Beginnings of files of which the type is told although neither a name nor the archive says it. */
const SIGNATURES: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/avif', 4, 'ftypavif'],
  ['video/mp4', 4, 'ftyp'],
  ['video/webm', 0, '\x1aE\xdf\xa3'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/ogg', 0, 'OggS'],
  ['application/pdf', 0, '%PDF-'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/gzip', 0, '\x1f\x8b\x08'],
];

/** The beginning of an object, or of a list of them. */
const JSON_BEGINNING = /^\s*(?:\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:/s;

/** One object behind another: lines of JSON, which are no JSON together. */
const JSON_LINES = /\}\s*\n\s*\{/;

/** So much of the beginning of a file is looked at. */
export const SNIFFED_BYTES = 512;

/** Returns the type of a file by how it begins: a known signature, JSON, other text, or none of them. */
export function sniffedType(beginning: Uint8Array): string {
  const text = Buffer.from(beginning).toString('latin1');
  const found = SIGNATURES.find(([, at, bytes]) => text.startsWith(bytes, at));
  if (found !== undefined) return found[0];
  if (!isText(beginning)) return 'application/octet-stream';
  const isJson = JSON_BEGINNING.test(text) && !JSON_LINES.test(text);
  return isJson ? 'application/json' : 'text/plain; charset=utf-8';
}

/** Says what a file is. JSON has no charset (RFC 8259 §11), which Express would add. */
export function setMediaType(res: Response, type: string): void {
  res.type(type);
  if (res.get('Content-Type')?.startsWith('application/json;')) {
    res.setHeader('Content-Type', 'application/json');
  }
}

function isText(bytes: Uint8Array): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not have.
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(Buffer.from(bytes).toString('latin1'))) return false;
  try {
    // What is cut off in the middle of a character is text all the same.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
