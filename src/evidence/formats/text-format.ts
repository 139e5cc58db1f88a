import type { ByteSource } from '../inspector.ts';
import type { FileFormat } from './file-format.ts';
import { textKind } from './plain-text.ts';

/** Above this only the name says JSON: taking it apart would hold it all in memory. */
const JSON_BYTES = 1024 * 1024;

/** Texts that nothing but their name tells apart. */
const TYPE_BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['md', 'text/markdown'],
  ['markdown', 'text/markdown'],
  ['csv', 'text/csv'],
  ['tsv', 'text/tab-separated-values'],
  ['css', 'text/css'],
  ['js', 'text/javascript'],
  ['mjs', 'text/javascript'],
  ['html', 'text/html'],
  ['htm', 'text/html'],
  ['abc', 'text/vnd.abc'],
  ['srt', 'application/x-subrip'],
  ['mtl', 'model/mtl'],
]);

const JSON_BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['geojson', 'application/geo+json'],
  ['jsonld', 'application/ld+json'],
  ['gltf', 'model/gltf+json'],
]);

/** Returns what a text is, or undefined if the bytes are not one. */
export function textFormat(source: ByteSource): FileFormat | undefined {
  const kind = textKind(source);
  const extension = extensionOf(source.filename);
  if (kind === 'no') return undefined;
  if (kind === 'unknown') return isTextName(extension) ? byExtension(extension) : undefined;
  return (
    jsonFormat(source, extension) ?? waveFrontFormat(source, extension) ?? byExtension(extension)
  );
}

function extensionOf(filename: string): string {
  const dot = filename.lastIndexOf('.');
  return dot < 0 ? '' : filename.slice(dot + 1).toLowerCase();
}

function isTextName(extension: string): boolean {
  return extension === 'txt' || TYPE_BY_EXTENSION.has(extension);
}

function byExtension(extension: string): FileFormat {
  const mediaType = TYPE_BY_EXTENSION.get(extension);
  if (mediaType !== undefined) return { mediaType, basis: 'extension' };
  return { mediaType: 'text/plain', basis: 'structure' };
}

function jsonFormat(source: ByteSource, extension: string): FileFormat | undefined {
  const start = Buffer.from(source.head.subarray(0, 1024)).toString('utf8').replace('\ufeff', '');
  if (!/^\s*[[{]/.test(start)) return undefined;
  const mediaType = JSON_BY_EXTENSION.get(extension) ?? 'application/json';
  if (source.size <= JSON_BYTES)
    return isJson(source) ? { mediaType, basis: 'structure' } : undefined;
  const isNamed = extension === 'json' || JSON_BY_EXTENSION.has(extension);
  return isNamed ? { mediaType, basis: 'extension' } : undefined;
}

function isJson(source: ByteSource): boolean {
  try {
    JSON.parse(Buffer.from(source.read(0, JSON_BYTES)).toString('utf8').replace('\ufeff', ''));
    return true;
  } catch {
    return false;
  }
}

/** A Wavefront OBJ has vertices: a line `v` and three numbers. */
function waveFrontFormat(source: ByteSource, extension: string): FileFormat | undefined {
  if (extension !== 'obj') return undefined;
  const hasVertex = /^v[ \t]{1,8}-?[\d.]/m.test(Buffer.from(source.head).toString('latin1'));
  return hasVertex ? { mediaType: 'model/obj', basis: 'extension' } : undefined;
}
