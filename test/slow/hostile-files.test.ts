import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { INSPECTORS } from '../../src/evidence/inspector-list.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import { type NamedBytes, storeAsPack } from '../evidence/support/inspected.ts';
import {
  exifSegment,
  jpeg,
  segment,
  storeSegments,
  xmpSegment,
} from '../evidence/support/jpeg-bytes.ts';
import { actions, box, store, superbox } from '../evidence/support/jumbf-bytes.ts';
import { mutants } from '../evidence/support/mutants.ts';
import {
  colourPng,
  packedTextChunk,
  png,
  pngChunk,
  textChunk,
  unicodeTextChunk,
} from '../evidence/support/png-bytes.ts';
import {
  EVIDENCE_FILES,
  evidenceFileNames,
  hasEvidenceFiles,
  readPublicFile,
} from '../evidence/support/public-files.ts';
import { ascii, tiff, userComment, utf16 } from '../evidence/support/tiff-bytes.ts';
import { riffChunk, webp } from '../evidence/support/webp-bytes.ts';
import { zip } from '../evidence/support/zip-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 2 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** What bytes may cause: never a death of the thread, the time limit, or an error nobody foresaw. */
const FORESEEN = new Set([undefined, 'malformed', 'limit']);

async function expectAnswers(
  assets: readonly NamedBytes[],
): Promise<readonly (readonly Finding[])[]> {
  const all = await inspectors.inspect(storeAsPack(folder.path, assets));
  expect(all).toHaveLength(assets.length);
  for (const [at, findings] of all.entries()) {
    const asset = assets[at]?.filename;
    const unforeseen = findings.filter(({ facts }) => !FORESEEN.has(facts['reason'] as undefined));
    expect({ asset, count: findings.length, unforeseen }).toEqual({
      asset,
      count: INSPECTORS.length,
      unforeseen: [],
    });
  }
  return all;
}

const XMP = '<x:xmpmeta><a b:DigitalSourceType="digitalCapture"/><c>&amp;</c></x:xmpmeta>';
const EXIF = tiff(
  'II',
  [ascii(TIFF_TAG.make, 'Maker'), ascii(TIFF_TAG.model, 'Model of a camera')],
  [userComment('UNICODE\0', utf16('Steps: 20, Sampler: Euler a, Seed: 5', 'le'))],
);
const STORE = store(actions('digitalCapture', 'digitalCreation'));

const WHOLE: readonly NamedBytes[] = [
  {
    filename: 'a.png',
    bytes: png(
      textChunk('parameters', '{"prompt": "a", "seed": 4}'),
      packedTextChunk('Comment', 'a comment'),
      unicodeTextChunk('XML:com.adobe.xmp', XMP, true),
      pngChunk('eXIf', EXIF),
      pngChunk('caBX', STORE),
    ),
  },
  { filename: 'b.png', bytes: colourPng(30, 4, new Uint8Array(30 * 4 * 40).fill(0x72), () => 4) },
  {
    filename: 'c.jpg',
    bytes: jpeg(
      exifSegment(EXIF),
      xmpSegment(XMP),
      ...storeSegments(STORE, 60),
      segment(0xc0, Buffer.from('080010001003', 'hex')),
    ),
  },
  {
    filename: 'd.webp',
    bytes: webp(
      riffChunk('EXIF', EXIF),
      riffChunk('XMP ', Buffer.from(XMP)),
      riffChunk('C2PA', STORE),
    ),
  },
  { filename: 'e.tif', bytes: EXIF },
  {
    filename: 'f.svg',
    bytes: Buffer.from(`<?xml version="1.0"?><svg viewBox="0 0 1 1">${XMP}</svg>`),
  },
  { filename: 'g.zip', bytes: zip({ mimetype: 'application/x-krita', 'a.mscx': '<a/>' }) },
  { filename: 'h.mp4', bytes: Buffer.concat([Buffer.from('\0\0\0\x10ftypmp42\0\0\0\0'), STORE]) },
  {
    filename: 'i.pdf',
    bytes: Buffer.from(`%PDF-1.7\n<?xpacket begin=""?>${XMP}<?xpacket end="w"?>`),
  },
  { filename: 'j.json', bytes: Buffer.from('{"a": [1, 2, {"b": "c"}], "d": null}') },
];

describe('broken files', () => {
  it('are all answered: 600 mutants of ten small files', async () => {
    const assets = WHOLE.flatMap((whole, at) => mutants(whole, 60, 1_000 + at));
    await expectAnswers(assets);
  });

  it.skipIf(!hasEvidenceFiles)(
    'are all answered: mutants of every public file (skipped without RINGFENCE_EVIDENCE)',
    async () => {
      const small = evidenceFileNames()
        .map((name) => readPublicFile(EVIDENCE_FILES, name))
        .filter(({ bytes }) => bytes.length > 0 && bytes.length < 320_000);
      expect(small.length).toBeGreaterThan(30);
      await expectAnswers(small.flatMap((file, at) => mutants(file, 4, 5_000 + at)));
    },
  );
});

describe('bombs', () => {
  const many = (count: number, text: string) => text.repeat(count);
  const graph = (inner: string) => `{"1": {"class_type": "A", "inputs": ${inner}}}`;

  const many100k = (chunk: Buffer) => Buffer.alloc(100_000 * chunk.length, chunk);
  const pngChunks = (count: number) => Buffer.alloc(count * 12, pngChunk('tIME', ''));

  function deepBoxes(depth: number): Buffer {
    let bytes: Buffer = box('cbor', Buffer.from('a0', 'hex'));
    for (let level = 0; level < depth; level += 1) bytes = superbox('c2ma', 'a', bytes);
    return superbox('c2pa', 'c2pa', bytes);
  }

  function cborStore(cbor: Buffer): Buffer {
    const marked = Buffer.concat([cbor, Buffer.from('digitalSourceType')]);
    return store(superbox('cbor', 'c2pa.actions', box('cbor', marked)));
  }

  const brotliBomb = Buffer.concat([
    Buffer.from('jumb'),
    brotliCompressSync(Buffer.alloc(100_000_000)),
  ]);
  const loop = tiff('II', [ascii(TIFF_TAG.make, 'Maker')], [ascii(TIFF_TAG.model, 'Model')]);
  const stealth = Buffer.concat([
    Buffer.from('stealth_pngcomp'),
    Buffer.from([0, 0, 0x90, 0]),
    gzipSync(Buffer.alloc(4_700_000)),
  ]);

  function stealthPng(): Buffer {
    const pixels = new Uint8Array(64 * 4 * 640);
    for (let bit = 0; bit < Math.min(stealth.length * 8, 64 * 640); bit += 1) {
      const value = ((stealth[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
      pixels[((bit % 640) * 64 + Math.floor(bit / 640)) * 4 + 3] = 254 | value;
    }
    return colourPng(64, 4, pixels, () => 0);
  }

  beforeAll(() => {
    loop.writeUInt32LE(8, loop.indexOf(Buffer.from('69870400', 'hex')) + 8);
  });

  it.each<[string, string, () => Uint8Array, string, Partial<Finding>]>([
    [
      'packed text of 64 MiB',
      'a.png',
      () => png(packedTextChunk('parameters', Buffer.alloc(64 * 1024 * 1024))),
      'traces',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'ten thousand packed texts of 1 MiB',
      'a.png',
      () => {
        const chunk = packedTextChunk('parameters', Buffer.alloc(1024 * 1024, 'a'));
        return png(...Array.from({ length: 10_000 }, () => chunk));
      },
      'traces',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'a hundred thousand chunks',
      'a.png',
      () => png(pngChunks(100_000)),
      'traces',
      { outcome: 'none' },
    ],
    [
      'a hundred thousand texts',
      'a.png',
      () => png(many100k(textChunk('Comment', 'a'))),
      'traces',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'three hundred thousand chunks',
      'a.png',
      () => png(pngChunks(300_000)),
      'traces',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'entities in entities',
      'a.svg',
      () =>
        Buffer.from(
          `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${Array.from(
            { length: 30 },
            (_, at) =>
              `<!ENTITY ${'b'.repeat(at + 1)} "${many(10, at === 0 ? '&a;' : `&${'b'.repeat(at)};`)}">`,
          ).join('')}]><svg DigitalSourceType="&${'b'.repeat(30)};"/>`,
        ),
      'source-type',
      {
        outcome: 'found',
        facts: { digitalSourceTypes: [], carriers: ['xmp'], unknown: 1, complete: true },
      },
    ],
    [
      'elements in elements',
      'a.svg',
      () => Buffer.from(`<svg>${many(400_000, '<g>')}<a DigitalSourceType="digitalCapture"/>`),
      'source-type',
      { outcome: 'found' },
    ],
    [
      'comments that never end',
      'a.svg',
      () => Buffer.from(`<svg>DigitalSourceType${many(500_000, '<!--')}`),
      'source-type',
      { outcome: 'none' },
    ],
    [
      'declarations',
      'a.svg',
      () => Buffer.from(`<svg>DigitalSourceType${many(1_000_000, '<!a>')}`),
      'source-type',
      { outcome: 'none' },
    ],
    [
      'quotes that never end',
      'a.svg',
      () => Buffer.from(`<svg>DigitalSourceType${many(300_000, '<a b="')}`),
      'source-type',
      { outcome: 'none' },
    ],
    [
      'attributes',
      'a.svg',
      () => Buffer.from(`<svg class_type ${many(500_000, 'a="b" ')}/>`),
      'traces',
      { outcome: 'none' },
    ],
    [
      'deep JSON in a text',
      'a.png',
      () => png(textChunk('prompt', graph(`${many(500_000, '{"a":')}1`))),
      'traces',
      { outcome: 'found' },
    ],
    [
      'deep JSON',
      'a.json',
      () => Buffer.from(`${many(100_000, '[')}${many(100_000, ']')}`),
      'format',
      { outcome: 'found' },
    ],
    [
      'empty lines',
      'a.png',
      () => png(textChunk('parameters', `${many(2_000_000, '\n')}Steps: x`)),
      'traces',
      { outcome: 'none' },
    ],
    [
      'spaces',
      'a.png',
      () => png(textChunk('prompt', `{"class_type"${many(3_000_000, ' ')}x`)),
      'traces',
      { outcome: 'none' },
    ],
    [
      'boxes in boxes',
      'a.c2pa',
      () => deepBoxes(200),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'CBOR in CBOR',
      'a.c2pa',
      () => cborStore(Buffer.alloc(100_000, 0x81)),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'a CBOR text longer than the file',
      'a.c2pa',
      () => cborStore(Buffer.from('7bffffffffffffffff', 'hex')),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'malformed' } },
    ],
    [
      'a CBOR length of a kind that there is not',
      'a.c2pa',
      () => cborStore(Buffer.from('1c', 'hex')),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'malformed' } },
    ],
    [
      'a CBOR list without an end',
      'a.c2pa',
      () => cborStore(Buffer.from('9f', 'hex')),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'malformed' } },
    ],
    [
      'a packed box of 100 MB',
      'a.c2pa',
      () => store(box('brob', brotliBomb)),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'EXIF directories in a circle',
      'a.jpg',
      () => jpeg(exifSegment(loop)),
      'traces',
      { outcome: 'none' },
    ],
    [
      'a hidden text of 4.7 MB',
      'a.png',
      stealthPng,
      'traces',
      {
        outcome: 'found',
        facts: { generator: 'stealth-pnginfo', proves: 'generated', where: ['png:stealth'] },
      },
    ],
    [
      'pixels that inflate to 200 MB',
      'a.png',
      () => {
        const whole = png();
        const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(200_000_000)));
        const header = Buffer.from(whole.subarray(8, 33));
        header.writeUInt32BE(60_000, 8);
        header.writeUInt32BE(60_000, 12);
        header[17] = 6;
        return Buffer.concat([whole.subarray(0, 8), header, pixels, pngChunk('IEND', '')]);
      },
      'traces',
      { outcome: 'none' },
    ],
    [
      'segments without an end',
      'a.jpg',
      () => Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(8_000_000, 0xff)]),
      'traces',
      { outcome: 'unreadable', facts: { reason: 'malformed' } },
    ],
    [
      'packets of XMP',
      'a.pdf',
      () => Buffer.from(`%PDF${many(50_000, '<?xpacket begin?><?xpacket end?>')}`),
      'source-type',
      { outcome: 'unreadable', facts: { reason: 'limit' } },
    ],
    [
      'a ZIP directory of 65,535 entries that are not there',
      'a.zip',
      () => {
        const bytes = zip({ 'a.txt': 'a' });
        bytes.fill(0xff, bytes.length - 14, bytes.length - 2);
        return bytes;
      },
      'format',
      { outcome: 'found', facts: { mediaType: 'application/zip', basis: 'magic' } },
    ],
  ])('are answered within the limits: %s', async (_name, filename, make, inspector, expected) => {
    const [findings = []] = await expectAnswers([{ filename, bytes: make() }]);
    expect(findings.find((finding) => finding.inspector === inspector)).toMatchObject(expected);
  });
});
