import { afterAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pdf } from './support/boxed-pictures.ts';
import { findingOf } from './support/inspected.ts';
import { exifSegment, jpeg, xmpSegment } from './support/jpeg-bytes.ts';
import { EVIDENCE_FILES, hasEvidenceFiles, readPublicFile } from './support/public-files.ts';
import { ascii, tiff } from './support/tiff-bytes.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const seen = (bytes: Uint8Array) =>
  findingOf(inspectors, folder.path, 'metadata', { filename: 'a', bytes });
const withExif = (...fields: readonly (readonly [number, string])[]) =>
  jpeg(
    exifSegment(
      tiff(
        'II',
        fields.map(([tag, text]) => ascii(tag, text)),
      ),
    ),
  );
const { make, model, software, dateTime, dateTimeOriginal, gpsDateStamp } = TIFF_TAG;

describe('metadata', () => {
  it('names device, program and dates as codes, and keeps the words as raw text', async () => {
    const { facts, raw } = await seen(
      withExif(
        [make, 'Canon'],
        [model, 'Canon EOS 40D'],
        [software, 'GIMP 2.4.5'],
        [dateTimeOriginal, '2008:05:30 15:56:01'],
        [dateTime, '2008:07:31 10:38:11'],
      ),
    );
    expect(facts).toEqual({
      captured: '2008-05-30T15:56:01',
      created: null,
      modified: '2008-07-31T10:38:11',
      device: { make: 'canon', model: 'canon-eos-40d', lens: null },
      software: ['gimp'],
      dataMining: null,
      aiFields: [],
      contradictions: [],
    });
    expect(raw.map(({ where }) => where)).toContain('exif:make');
  });

  const graph = '{"3":{"class_type":"KSampler","inputs":{}}}';
  it.each<[string, Uint8Array, string]>([
    ['a workflow for a maker', withExif([make, `workflow:${graph}`]), 'make-is-a-workflow'],
    ['a generator for a program', withExif([software, 'Midjourney 6']), 'software-is-a-generator'],
    [
      'a change before the capture',
      withExif([dateTimeOriginal, '2020:01:05 00:00:00'], [dateTime, '2020:01:01 00:00:00']),
      'modified-before-captured',
    ],
    [
      'satellites of another day',
      withExif([dateTimeOriginal, '2020:01:05 00:00:00'], [gpsDateStamp, '2019:12:01']),
      'gps-time-disagrees',
    ],
    [
      'a field for what generated it',
      jpeg(xmpSegment('<a:AISystemUsed>Paintbot</a:AISystemUsed>')),
      'states-an-ai-system',
    ],
  ])('has %s told as a code', async (_, bytes, code) => {
    const { facts } = await seen(bytes);
    expect(facts['contradictions']).toEqual([code]);
    expect(facts['device']).toBeNull();
  });

  it('is read from the information of a PDF', async () => {
    const bytes = pdf(
      "1 0 obj <</Producer (pdfTeX-1.40) /CreationDate (D:20200102030405+01'00')>> endobj",
    );
    expect((await seen(bytes)).facts).toMatchObject({
      created: '2020-01-02T03:04:05+01:00',
      software: ['pdftex'],
    });
  });

  it.skipIf(!hasEvidenceFiles)('is read from camera pictures (skipped without them)', async () => {
    for (const [name, maker] of [
      ['Canon_40D', 'canon'],
      ['Nikon_D70', 'nikon'],
      ['DSCN0010', 'nikon'],
    ]) {
      const { facts } = await seen(readPublicFile(EVIDENCE_FILES, `exif-camera/${name}.jpg`).bytes);
      expect({ name, facts }).toMatchObject({
        facts: { device: { make: maker }, captured: expect.any(String), contradictions: [] },
      });
    }
  });
});
