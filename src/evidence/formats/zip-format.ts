import { type RandomAccess, Unreadable } from '../inspector.ts';
import { toBuffer } from '../readers/bytes.ts';
import { storedBytes, type ZipEntry, zipEntries } from '../readers/zip-entries.ts';
import type { FileFormat } from './file-format.ts';

/** Types that a package may name in its first entry, `mimetype` (as OpenDocument and EPUB do). */
const NAMED_TYPES = new Set([
  'application/epub+zip',
  'application/x-krita',
  'application/vnd.recordare.musicxml',
  'image/openraster',
]);

/** Returns what a ZIP file is by what is in it, or undefined if that says no more than ZIP. */
export function zipFormat(source: RandomAccess): FileFormat | undefined {
  const entries = readableEntries(source);
  const mediaType = namedType(source, entries) ?? typeByNames(entries.map(({ name }) => name));
  return mediaType === undefined ? undefined : { mediaType, basis: 'structure' };
}

/** A damaged package is still known to be ZIP by its first bytes. */
function readableEntries(source: RandomAccess): readonly ZipEntry[] {
  try {
    return zipEntries(source);
  } catch (error) {
    if (error instanceof Unreadable && error.reason === 'malformed') return [];
    throw error;
  }
}

function namedType(source: RandomAccess, entries: readonly ZipEntry[]): string | undefined {
  const entry = entries.find(({ name }) => name === 'mimetype');
  if (entry === undefined) return undefined;
  const type = toBuffer(storedBytes(source, entry, 256))
    .toString('latin1')
    .trim();
  return NAMED_TYPES.has(type) ? type : undefined;
}

/** MuseScore keeps one score; compressed MusicXML has a container file that names one (MusicXML 4.0). */
function typeByNames(names: readonly string[]): string | undefined {
  if (names.some((name) => name.endsWith('.mscx'))) return 'application/x-musescore';
  const hasScore = names.some((name) => /^[^/]+\.(?:xml|musicxml)$/.test(name));
  if (hasScore && names.includes('META-INF/container.xml')) {
    return 'application/vnd.recordare.musicxml';
  }
  return undefined;
}
