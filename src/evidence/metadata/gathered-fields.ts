import type { RandomAccess } from '../inspector.ts';
import type { MetadataBlock } from '../readers/metadata-block.ts';
import { decodeUtf8OrLatin1, decodeXml } from '../readers/text-encoding.ts';
import { readTiffTags, TIFF_TAG } from '../readers/tiff-tags.ts';
import { xmlValues } from '../readers/xml-values.ts';

/** What a field means, whatever a format calls it. */
export type Field =
  | 'captured'
  | 'created'
  | 'modified'
  | 'gps'
  | 'make'
  | 'model'
  | 'lens'
  | 'software'
  | 'ai'
  | 'mining';

export interface FieldText {
  readonly field: Field;
  readonly where: string;
  readonly text: string;
}

const EXIF: readonly (readonly [tag: number, field: Field])[] = [
  [TIFF_TAG.dateTimeOriginal, 'captured'],
  [TIFF_TAG.dateTimeDigitized, 'created'],
  [TIFF_TAG.dateTime, 'modified'],
  [TIFF_TAG.gpsDateStamp, 'gps'],
  [TIFF_TAG.make, 'make'],
  [TIFF_TAG.model, 'model'],
  [TIFF_TAG.lensModel, 'lens'],
  [TIFF_TAG.software, 'software'],
];
const EXIF_TAGS = new Set(EXIF.map(([tag]) => tag));
const LONGEST = 4_096;

const NAMES: ReadonlyMap<string, Field> = new Map([
  ['datetimeoriginal', 'captured'],
  ['datecreated', 'captured'],
  ['createdate', 'created'],
  ['creationdate', 'created'],
  ['creation_time', 'created'],
  ['digitalcreationdate', 'created'],
  ['modifydate', 'modified'],
  ['moddate', 'modified'],
  ['modification_time', 'modified'],
  ['creatortool', 'software'],
  ['creator', 'software'],
  ['producer', 'software'],
  ['software', 'software'],
  ['originatingprogram', 'software'],
  ['aisystemused', 'ai'],
  ['aisystemversionused', 'ai'],
  ['aipromptinformation', 'ai'],
  ['aipromptwritername', 'ai'],
  ['datamining', 'mining'],
]);

/** Yields the fields of one block of metadata that say when, by what device and with what program. */
export function* fieldsIn(block: MetadataBlock): Generator<FieldText> {
  if (block.kind === 'exif') yield* exifFields(block.tiff());
  else if (block.kind === 'text') {
    yield* named(block.place, block.key, () => block.text().text);
  } else if (block.kind === 'xmp') {
    for (const { name, value } of xmlValues(decodeXml(block.bytes()))) {
      // In XMP a creator is a person; only PDF calls a program so.
      if (name !== 'creator') yield* named('xmp', name, () => value);
    }
  }
}

function* exifFields(tiff: RandomAccess): Generator<FieldText> {
  const values = readTiffTags(tiff, EXIF_TAGS);
  for (const [tag, field] of EXIF) {
    const value = values.get(tag);
    if (value === undefined) continue;
    const text = decodeUtf8OrLatin1(value.subarray(0, LONGEST)).trim();
    yield { field, where: `exif:${field}`, text };
  }
}

function* named(place: string, key: string, read: () => string): Generator<FieldText> {
  const field = NAMES.get(key.toLowerCase());
  if (field === undefined || (key.toLowerCase() === 'creator' && place !== 'pdf')) return;
  yield { field, where: `${place}:${key}`, text: read().slice(0, LONGEST).trim() };
}
