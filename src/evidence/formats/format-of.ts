import { fileTypeFromTokenizer } from 'file-type';
import type { ByteSource } from '../inspector.ts';
import { hasAscii } from '../readers/bytes.ts';
import type { FileFormat } from './file-format.ts';
import { markupFormat } from './markup-format.ts';
import { textKind } from './plain-text.ts';
import { SourceTokenizer } from './source-tokenizer.ts';
import { textFormat } from './text-format.ts';
import { zipFormat } from './zip-format.ts';

/** What begins with magic bytes and is text all the same. */
const TEXTUAL = new Set([
  'application/pdf',
  'application/postscript',
  'application/eps',
  'application/rtf',
  'application/pgp-encrypted',
  'application/x-ms-regedit',
  'model/stl',
  'text/calendar',
  'text/vcard',
  'text/vtt',
]);

const known = new WeakMap<ByteSource, Promise<FileFormat | undefined>>();

/**
 * Returns what a file is. Magic bytes come first. Where they say nothing (texts, JSON) or only the
 * wrapping (XML, ZIP), the structure decides, and the file name last. Looked at once for each source.
 */
export function formatOf(source: ByteSource): Promise<FileFormat | undefined> {
  let format = known.get(source);
  if (format === undefined) {
    format = findFormat(source);
    known.set(source, format);
  }
  return format;
}

async function findFormat(source: ByteSource): Promise<FileFormat | undefined> {
  const magic = await magicType(source);
  if (magic === undefined || magic === 'application/xml') return writtenFormat(source);
  if (magic === 'application/zip') {
    return zipFormat(source) ?? { mediaType: magic, basis: 'magic' };
  }
  // Two letters such as "BM" or "MZ" begin sentences as well.
  if (!TEXTUAL.has(magic) && textKind(source) === 'unicode') return writtenFormat(source);
  return { mediaType: magic, basis: 'magic' };
}

function writtenFormat(source: ByteSource): FileFormat | undefined {
  return markupFormat(source) ?? textFormat(source);
}

async function magicType(source: ByteSource): Promise<string | undefined> {
  if (hasAscii(source.head, 4, 'jumb') && hasAscii(source.head, 12, 'jumdc2pa')) {
    return 'application/c2pa';
  }
  const type = await fileTypeFromTokenizer(new SourceTokenizer(source));
  return type?.mime.replace(/;.*$/, '').toLowerCase();
}
