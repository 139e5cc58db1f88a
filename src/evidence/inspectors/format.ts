import { fileTypeFromTokenizer } from 'file-type';
import type { FileFormat } from '../formats/file-format.ts';
import { markupFormat } from '../formats/markup-format.ts';
import { pictureSize } from '../formats/picture-size.ts';
import { textKind } from '../formats/plain-text.ts';
import { SourceTokenizer } from '../formats/source-tokenizer.ts';
import { textFormat } from '../formats/text-format.ts';
import { zipFormat } from '../formats/zip-format.ts';
import type { ByteSource, Inspection, Inspector } from '../inspector.ts';
import { hasAscii } from '../readers/bytes.ts';

/**
 * What a file is: its media type, what that rests on, and the size of a picture.
 *
 * Magic bytes come first. Where they say nothing (texts, JSON) or only the wrapping (XML, ZIP), the
 * structure decides, and the file name last.
 */
export const format: Inspector = { name: 'format', version: 1, readsAll: false, inspect };

async function inspect(source: ByteSource): Promise<Inspection> {
  const known = await formatOf(source);
  if (known === undefined) {
    const facts = { mediaType: 'application/octet-stream', basis: null };
    return { outcome: 'none', facts, raw: [] };
  }
  const facts = { ...known, ...pictureSize(source, known.mediaType) };
  return { outcome: 'found', facts, raw: [] };
}

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

async function formatOf(source: ByteSource): Promise<FileFormat | undefined> {
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
