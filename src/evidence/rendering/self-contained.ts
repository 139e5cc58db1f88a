import { ArchiveError } from '../../core/errors.ts';
import { decodeXml } from '../readers/text-encoding.ts';

const MOST_BYTES = 32 * 1024 * 1024;
/** Declarations of entities that lie elsewhere, or are parts of declarations. */
const OUTER_ENTITY = /<!ENTITY\s+(?:%\s*)?[^>]*?\b(?:SYSTEM|PUBLIC)\b[^>]*>/gi;
const PARAMETER_ENTITY = /<!ENTITY\s+%[^>]*>/gi;
/** The document type may name a file; what it declares in brackets stays. */
const OUTER_TYPE = /(<!DOCTYPE\s+[^\s[>]+)\s+(?:SYSTEM|PUBLIC)\b[^[>]*/gi;
const SCRIPT = /<script\b[\s\S]*?<\/script\s*>|<script\b[^>]*\/>/gi;
const INSTRUCTION = /<\?xml-stylesheet\b[\s\S]*?\?>/gi;
/** References that are neither to a place in the drawing itself nor bytes that it carries. */
const HREF =
  /((?:xlink:)?href\s*=\s*)(["'])(?!\s*(?:#|data:image\/(?:png|jpe?g|gif|webp);))[^"']*\2/gi;
const URL = /url\(\s*(["']?)(?!\s*#)[^)"']*\1\s*\)/gi;
const IMPORT = /@import\b[^;]*;?/gi;

/**
 * Returns an SVG without scripts and without references out of itself. What draws it follows none
 * either; this is so that nobody need trust it.
 *
 * @throws {ArchiveError} `work_limit`.
 */
export function selfContained(bytes: Uint8Array): Buffer {
  if (bytes.length > MOST_BYTES) throw new ArchiveError('work_limit', 'the drawing is too large');
  const text = decodeXml(bytes)
    .replace(/^\uFEFF/, '')
    .replace(/^(<\?xml\b[^>]*?)\s+encoding\s*=\s*(["'])[^"']*\2/i, '$1')
    .replace(OUTER_ENTITY, '')
    .replace(PARAMETER_ENTITY, '')
    .replace(OUTER_TYPE, '$1 ')
    .replace(INSTRUCTION, '')
    .replace(SCRIPT, '')
    .replace(HREF, '$1$2$2')
    .replace(URL, 'none')
    .replace(IMPORT, '');
  return Buffer.from(text);
}
