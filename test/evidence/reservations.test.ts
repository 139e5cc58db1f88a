import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pdf, pdfStream } from './support/boxed-pictures.ts';
import { findingOf } from './support/inspected.ts';
import { jpeg, xmpSegment } from './support/jpeg-bytes.ts';
import { mp3 } from './support/media-bytes.ts';
import { EVIDENCE_FILES, hasEvidenceFiles, readPublicFile } from './support/public-files.ts';
import { zip } from './support/zip-bytes.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const seen = (bytes: Uint8Array | string, filename = 'a') =>
  findingOf(inspectors, folder.path, 'reservations', { filename, bytes: Buffer.from(bytes) });

const xmp = (property: string) => `<x:xmpmeta><rdf:Description ${property}/></x:xmpmeta>`;
const TDM = {
  protocol: 'tdmrep',
  values: { ai_generative_training: 'deny', ai_training: 'deny', data_mining: 'deny' },
};
const NOAI = { protocol: 'noai', values: { ai_generative_training: 'deny', ai_training: 'deny' } };

describe('reservations', () => {
  it.each<[string, Uint8Array | string, string, object]>([
    [
      'XMP of a JPEG',
      jpeg(xmpSegment(xmp('tdm:reservation="1"'))),
      'a.jpg',
      { ...TDM, carrier: 'xmp' },
    ],
    [
      'a packed stream of a PDF',
      pdf(
        pdfStream(
          '/Type /Metadata /Filter /FlateDecode',
          deflateSync(Buffer.from(xmp("tdm:reservation='1'"))),
        ),
      ),
      'a.pdf',
      { ...TDM, carrier: 'xmp' },
    ],
    ['a tag of MP3', mp3('tdm-reservation', '1'), 'a.mp3', { ...TDM, carrier: 'tag' }],
    [
      'a page',
      '<!DOCTYPE html><html><head><meta name="tdm-reservation" content="1"></head></html>',
      'a.html',
      { ...TDM, carrier: 'page' },
    ],
    [
      'words for robots',
      '<html><meta name="robots" content="noai, noimageai"></html>',
      'a.html',
      { ...NOAI, carrier: 'page' },
    ],
    [
      'an EPUB 3',
      zip({
        mimetype: 'application/epub+zip',
        'OEBPS/content.opf':
          '<package><metadata><meta property="tdm:reservation">1</meta></metadata></package>',
      }),
      'a.epub',
      { ...TDM, carrier: 'epub' },
    ],
    [
      'robots.txt',
      'User-agent: *\nContent-Usage: /art train-ai=n\nDisallow: /x\n',
      'robots.txt',
      { protocol: 'aipref', carrier: 'robots', values: { ai_generative_training: 'deny' } },
    ],
    [
      'Content-Signal',
      'Content-Signal: search=yes, ai-train=no',
      'robots.txt',
      {
        protocol: 'content-signal',
        carrier: 'robots',
        values: { ai_generative_training: 'deny', ai_training: 'deny', search_index: 'allow' },
      },
    ],
    [
      'tdmrep.json',
      '[{"location":"/a/*","tdm-reservation":0},{"location":"/*","tdm-reservation":1}]',
      'tdmrep.json',
      { ...TDM, carrier: 'tdmrep-json' },
    ],
    [
      'RSL',
      '<?xml version="1.0"?><rsl><content><license><permits type="usage">search</permits><prohibits type="usage">ai-train</prohibits></license></content></rsl>',
      'a.xml',
      {
        protocol: 'rsl',
        carrier: 'rsl',
        values: { ai_generative_training: 'deny', ai_training: 'deny', search_index: 'allow' },
      },
    ],
  ])('are read from %s', async (_, bytes, filename, signal) => {
    const { outcome, facts, raw } = await seen(bytes, filename);
    expect({ outcome, signals: facts['signals'] }).toEqual({ outcome: 'found', signals: [signal] });
    expect(raw.length).toBeGreaterThan(0);
  });

  it.each([
    ['DMI-PROHIBITED-GENAIMLTRAINING', ['ai_generative_training']],
    ['DMI-PROHIBITED-AIMLTRAINING', ['ai_generative_training', 'ai_training']],
    [
      'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING',
      ['ai_generative_training', 'ai_training', 'ai_inference', 'data_mining'],
    ],
    [
      'DMI-PROHIBITED-SEECONSTRAINT',
      ['ai_generative_training', 'ai_training', 'ai_inference', 'data_mining', 'search_index'],
    ],
    ['DMI-ALLOWED', []],
  ])('of PLUS are read by their code: %s', async (code, reserved) => {
    const value = `http://ns.useplus.org/ldf/vocab/${code}`;
    const { facts } = await seen(xmp(`plus:DataMining="${value}"`));
    expect(facts['reserved']).toEqual(reserved);
  });

  it('are none where a value is no value, and do not apply to a text', async () => {
    expect(await seen(xmp('tdm:reservation="2"'))).toMatchObject({ outcome: 'none' });
    expect(await seen('Content-Usage: train-ai=n', 'note.txt')).toMatchObject({
      outcome: 'not-applicable',
    });
  });

  it.skipIf(!hasEvidenceFiles)(
    'are read from the public files (skipped without them)',
    async () => {
      const reservedIn = async (name: string) =>
        (await seen(readPublicFile(EVIDENCE_FILES, name).bytes)).facts['reserved'];
      const plus = await reservedIn('xmp-digital-source-type/plus-datamining-prohibited.jpg');
      expect(plus).toEqual(['ai_generative_training']);
      for (const name of [
        'sample1.png',
        'sample1.webp',
        'test.tiff',
        'sample1.avif',
        'sample1.wav',
      ]) {
        const reserved = await reservedIn(`c2pa-signed-by-format/${name}`);
        expect({ name, reserved }).toMatchObject({
          reserved: expect.arrayContaining(['ai_generative_training']),
        });
      }
    },
  );
});
