import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ExifReader from 'exifreader';
import { describe, expect, it } from 'vitest';
import { BytesAccess, toBuffer } from '../../src/evidence/readers/bytes.ts';
import { jpegMetadata } from '../../src/evidence/readers/jpeg-metadata.ts';
import { decodeUserComment, decodeUtf8OrLatin1 } from '../../src/evidence/readers/text-encoding.ts';
import { readTiffTags, TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import {
  CORPUS,
  EVIDENCE_FILES,
  hasCorpus,
  hasEvidenceFiles,
  readPublicFile,
} from './support/public-files.ts';
import { ascii, tiff, userComment, utf16 } from './support/tiff-bytes.ts';

const TAGS = {
  Make: TIFF_TAG.make,
  Model: TIFF_TAG.model,
  Software: TIFF_TAG.software,
  ImageDescription: TIFF_TAG.imageDescription,
} as const;

function ownReading(bytes: Uint8Array): Record<string, string> {
  const read: Record<string, string> = {};
  for (const block of jpegMetadata(new BytesAccess(bytes))) {
    if (block.kind !== 'exif') continue;
    const values = readTiffTags(block.tiff(), new Set(Object.values(TAGS)));
    for (const [name, tag] of Object.entries(TAGS)) {
      const value = values.get(tag);
      if (value !== undefined) read[name] ??= decodeUtf8OrLatin1(value).trim();
    }
  }
  return read;
}

function secondOpinion(bytes: Uint8Array): Record<string, string> {
  const { exif = {} } = ExifReader.load(toBuffer(bytes), { expanded: true });
  const names = Object.keys(TAGS).filter((name) => name in exif);
  return Object.fromEntries(
    names.map((name) => [name, String(exif[name as keyof typeof TAGS]?.description).trim()]),
  );
}

describe('EXIF', () => {
  it.skipIf(!hasEvidenceFiles || !hasCorpus)(
    'is read from camera pictures as ExifReader reads it (skipped without the public folders)',
    () => {
      const folders = [join(EVIDENCE_FILES, 'exif-camera'), join(CORPUS, 'photos')];
      const pictures = folders.flatMap((folder) =>
        readdirSync(folder).map((name) => readPublicFile(folder, name)),
      );
      const readings = pictures.map(({ bytes }) => ownReading(bytes));
      expect(readings).toEqual(pictures.map(({ bytes }) => secondOpinion(bytes)));
      expect(readings.filter(({ Make }) => Make !== undefined).length).toBeGreaterThan(5);
    },
  );

  it.each([
    ['UNICODE\0', utf16('Grüße, 花', 'be')],
    ['UNICODE\0', utf16('Grüße, 花', 'le')],
    ['UNICODE\0', utf16('\ufeffGrüße, 花', 'be')],
    ['UNICODE\0', utf16('\ufeffGrüße, 花', 'le')],
    ['ASCII\0\0\0', Buffer.from('Grüße, 花')],
    ['\0\0\0\0\0\0\0\0', Buffer.from('Grüße, 花')],
    ['', Buffer.from('Grüße, 花\0\0')],
    ['', utf16('Grüße, 花', 'le')],
  ])('gives the text of a user comment that begins with %j', (prefix, text) => {
    for (const order of ['II', 'MM'] as const) {
      const bytes = tiff(order, [ascii(TIFF_TAG.make, 'Maker')], [userComment(prefix, text)]);
      const value = readTiffTags(new BytesAccess(bytes), new Set([TIFF_TAG.userComment]));
      const comment = decodeUserComment(value.get(TIFF_TAG.userComment) ?? new Uint8Array());
      expect(comment).toBe('Grüße, 花');
    }
  });
});
