import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { behindOffset, gif, heif, jpegXl, pdf, pdfStream } from './support/boxed-pictures.ts';
import { findingOf } from './support/inspected.ts';
import { jpeg, segment, xmpSegment } from './support/jpeg-bytes.ts';
import { actionBy, actions, store } from './support/jumbf-bytes.ts';
import { flac, glb, mov, mp3, mp4 } from './support/media-bytes.ts';
import { ascii, tiff } from './support/tiff-bytes.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const seen = (inspector: string, bytes: Uint8Array) =>
  findingOf(inspectors, folder.path, inspector, { filename: 'a', bytes });

const TRAINED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const xmp = (property: string) =>
  Buffer.from(`<rdf:RDF><rdf:Description>${property}</rdf:Description></rdf:RDF>`);
/** Without the wrapping by which a search would find it. */
const SOURCE_TYPE = xmp(`<e:DigitalSourceType>${TRAINED}</e:DigitalSourceType>`);
const packet = Buffer.from(`<x:xmpmeta>${SOURCE_TYPE.toString()}</x:xmpmeta>`);
const GRAPH = JSON.stringify({ 3: { class_type: 'KSampler', inputs: { seed: 1 } } });

describe('a source type', () => {
  it.each([
    ['an item of a HEIF', heif('mime', SOURCE_TYPE)],
    ['a box of a JPEG XL', jpegXl('xml ', SOURCE_TYPE, false)],
    ['a packed box of a JPEG XL', jpegXl('xml ', SOURCE_TYPE, true)],
    ['a GIF', gif('XMP DataXMP', packet, false)],
    [
      'a packed stream of a PDF',
      pdf(pdfStream('/Type /Metadata /Subtype /XML /Filter /FlateDecode', deflateSync(packet))),
    ],
    ['a sidecar', packet],
  ])('is read from XMP in %s', async (_, bytes) => {
    expect((await seen('source-type', bytes)).facts).toMatchObject({
      digitalSourceTypes: [TRAINED],
      carriers: ['xmp'],
    });
  });

  const signed = store(actions(TRAINED));
  it.each([
    ['sub-blocks of a GIF', gif('C2PA_GIF\x01\0\0', signed, true)],
    [
      'a packed file in a PDF',
      pdf(pdfStream('/Type /EmbeddedFile /Filter /FlateDecode', deflateSync(signed))),
    ],
  ])('is read from C2PA in %s', async (_, bytes) => {
    expect((await seen('source-type', bytes)).facts).toMatchObject({
      digitalSourceTypes: [TRAINED],
      carriers: ['c2pa-unvalidated'],
    });
  });

  it.each([
    ['MP3', mp3('DigitalSourceType', TRAINED)],
    ['FLAC', flac('DIGITALSOURCETYPE', TRAINED)],
    ['MP4', mp4('DigitalSourceType', TRAINED)],
    [
      'glTF',
      glb(
        `{"extensions": {"KHR_xmp_json_ld": {"packets": [{"Iptc4xmpExt:DigitalSourceType": {"@id": "${TRAINED}"}}]}}}`,
      ),
    ],
  ])('is read from a tag of %s', async (_, bytes) => {
    expect((await seen('source-type', bytes)).facts).toMatchObject({
      digitalSourceTypes: [TRAINED],
      carriers: ['tag'],
    });
  });

  it('is not taken as missing where a GIF breaks off', async () => {
    const whole = gif('XMP DataXMP', packet, false);
    const { outcome, facts } = await seen('source-type', whole.subarray(0, 100));
    expect({ outcome, facts }).toEqual({ outcome: 'unreadable', facts: { reason: 'malformed' } });
  });
});

describe('a trace', () => {
  const exif = tiff('II', [ascii(TIFF_TAG.make, `workflow:${GRAPH}`)]);
  it.each([
    ['EXIF of a HEIF', heif('Exif', behindOffset(exif)), 'exif:Make'],
    ['EXIF of a JPEG XL', jpegXl('Exif', behindOffset(exif), false), 'exif:Make'],
    ['packed EXIF of a JPEG XL', jpegXl('Exif', behindOffset(exif), true), 'exif:Make'],
    ['a tag of MP3', mp3('prompt', GRAPH), 'id3:prompt'],
    ['a tag of FLAC', flac('prompt', GRAPH), 'vorbis:prompt'],
    ['a tag of MP4', mp4('prompt', GRAPH), 'mp4:prompt'],
    ['a comment of MP4', mp4('comment', `{"prompt":${GRAPH}}`), 'mp4:comment'],
    ['a comment of QuickTime', mov('\xa9cmt', `{"prompt":${GRAPH}}`), 'quicktime:comment'],
    [
      'the asset of a glTF',
      glb(`{"asset": {"version": "2.0", "extras": {"prompt": ${GRAPH}}}}`),
      'gltf:prompt',
    ],
  ])('of ComfyUI is found in %s', async (_, bytes, where) => {
    expect((await seen('traces', bytes)).facts).toEqual({
      generator: 'comfyui',
      proves: 'generated',
      where: [where],
    });
  });

  const made = 'made with suno; created=2025-05-14T17:05:15.152Z; id=9b7c51f1-2b0c-4a57-b3a3';
  it.each([
    ['of Suno', mp3('comment', `${made}-8d6f3c2f2a10`), 'suno', 'id3:comment'],
    ['of Suno', flac('description', `${made}-8d6f3c2f2a10`), 'suno', 'vorbis:description'],
    [
      'of the law of China',
      pdf('1 0 obj << /AIGC ({"Label":"1","ContentProducer":"a","ProduceID":"b"}) >>'),
      'aigc-label',
      'pdf:AIGC',
    ],
  ])('%s is found (%#)', async (_, bytes, generator, where) => {
    expect((await seen('traces', bytes)).facts).toEqual({
      generator,
      proves: 'generated',
      where: [where],
    });
  });

  it.each([
    ['a song about a generator', mp3('comment', 'made with suno in mind')],
    ['a model that a person made', glb('{"asset": {"generator": "Khronos glTF Blender I/O"}}')],
    ['a film with a title', mov('\xa9nam', 'Midjourney')],
  ])('is not seen in %s', async (_, bytes) => {
    expect((await seen('traces', bytes)).facts).toMatchObject({ generator: null });
  });

  it.each([
    ['is none', glb('{"asset":'), 'malformed'],
    ['says too much', glb(`{"asset": {${many()}}}`), 'limit'],
  ])('is not taken as missing where the JSON of a glTF %s', async (_, bytes, reason) => {
    expect((await seen('traces', bytes)).facts).toEqual({ reason, generator: null });
  });

  function many(): string {
    return Array.from({ length: 2_001 }, (_, at) => `"key${at}": "v"`).join(',');
  }

  const field = (name: string, value: string) => xmp(`<e:${name}>${value}</e:${name}>`);
  it.each([
    ['credit line', field('Credit', 'Made with Google AI'), 'google-ai', 'xmp:Credit'],
    ['system that is known', field('AISystemUsed', 'DALL-E 3'), 'openai', 'xmp:AISystemUsed'],
    ['system that is not', field('AISystemUsed', 'Paintbot'), 'ai-system', 'xmp:AISystemUsed'],
    ['prompt', field('AIPromptInformation', 'a cat'), 'ai-system', 'xmp:AIPromptInformation'],
  ])('is found in the IPTC %s', async (_, metadata, generator, where) => {
    const { facts, raw } = await seen('traces', jpeg(xmpSegment(metadata.toString())));
    expect(facts).toEqual({ generator, proves: 'generated', where: [where] });
    expect(raw).toHaveLength(1);
  });

  it('is found in the credit line of IPTC-IIM, where an edit is not the whole work', async () => {
    const credit = Buffer.from('Edited with Google AI');
    const record = Buffer.concat([Buffer.from([0x1c, 2, 110, 0, credit.length]), credit]);
    const resource = Buffer.concat([
      Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0', 'latin1'),
      Buffer.from([record.length]),
      record,
    ]);
    expect((await seen('traces', jpeg(segment(0xed, resource)))).facts).toEqual({
      generator: 'google-ai',
      proves: null,
      where: ['iptc:Credit'],
    });
  });

  it.each([
    ['an editor that also generates', 'Adobe Firefly', 'digitalCapture', null],
    ['a tool nobody knows', 'Paintbot 3', 'trainedAlgorithmicMedia', null],
    ['a generator', 'ChatGPT', 'trainedAlgorithmicMedia', 'openai'],
  ])(
    'in C2PA needs a generator and a generated source type: %s',
    async (_, name, term, generator) => {
      const uri = `http://cv.iptc.org/newscodes/digitalsourcetype/${term}`;
      expect((await seen('traces', store(actionBy(name, uri)))).facts).toMatchObject({ generator });
    },
  );

  it('is not seen in a page that quotes one', async () => {
    const quote = `<html><body><pre>${GRAPH}</pre>Steps: 20, Sampler: Euler, Seed: 1</body></html>`;
    expect(await seen('traces', Buffer.from(quote))).toMatchObject({ outcome: 'not-applicable' });
  });
});
