import { quote } from '../quote.ts';

const LONGEST = 4096;

/** A path that a row may name, or why it may not. */
export type RowPath = { readonly path: string } | { readonly wrong: string };

/**
 * Reads the path of a row: relative to the catalogue's root, `/` between parts. `./`, doubled slashes
 * and nothing else are tidied; spaces and letter case are part of names. Whatever could lead out of the
 * root is refused.
 */
export function readRowPath(text: string): RowPath {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return wrong(text, 'is an address; name the downloaded file by its path');
  }
  if (text.startsWith('/') || /^[a-z]:[\\/]/i.test(text) || text.startsWith('\\\\')) {
    return wrong(
      text,
      'is absolute; write it from the root of the files (a mapping can strip the rest)',
    );
  }
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) return wrong(text, 'names no file');
  if (parts.includes('..')) return wrong(text, 'leads out with ".."; name the file from the root');
  if (text.endsWith('/')) return wrong(text, 'names a folder; write a row for each file');
  const path = parts.join('/');
  if (path.includes('\0')) return wrong(text, 'holds a zero byte, which no file name can');
  if (path.length > LONGEST) return wrong(text, 'is longer than 4,096 characters');
  return { path };
}

function wrong(text: string, reason: string): RowPath {
  return { wrong: `${quote(text)} ${reason}` };
}
