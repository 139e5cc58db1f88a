import { afterAll, describe, expect, it } from 'vitest';
import { SOURCE_TYPES } from '../../src/core/policy/source-types.ts';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findingOf } from './support/inspected.ts';
import {
  exifSegment,
  jpeg,
  moreXmpSegment,
  storeSegments,
  xmpSegment,
} from './support/jpeg-bytes.ts';
import { actions, box, packed, store, superbox } from './support/jumbf-bytes.ts';
import { packedTextChunk, png, pngChunk, unicodeTextChunk } from './support/png-bytes.ts';
import { ascii, tiff, utf16 } from './support/tiff-bytes.ts';
import { riffChunk, webp } from './support/webp-bytes.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const TRAINED = `${IPTC}trainedAlgorithmicMedia`;
const NAMESPACE = 'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"';

async function stated(bytes: Uint8Array | string): Promise<Finding> {
  const asset = { filename: 'a', bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes };
  return findingOf(inspectors, folder.path, 'source-type', asset);
}

function factsFor(carrier: string | undefined, ...digitalSourceTypes: readonly string[]) {
  const carriers = carrier === undefined ? [] : [carrier];
  return { digitalSourceTypes, carriers, unknown: 0, complete: true };
}

function xmp(property: string): string {
  const id = 'W5M0MpCehiHzreSzNTczkc9d';
  return `<?xpacket begin="\ufeff" id="${id}"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${property}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

const asElement = (value: string) =>
  xmp(
    `<rdf:Description ${NAMESPACE}><Iptc4xmpExt:DigitalSourceType>${value}</Iptc4xmpExt:DigitalSourceType></rdf:Description>`,
  );

describe('source types in XMP', () => {
  it.each([
    ['an element', asElement(TRAINED)],
    [
      'an attribute',
      xmp(`<rdf:Description ${NAMESPACE} Iptc4xmpExt:DigitalSourceType="${TRAINED}"/>`),
    ],
    ['single quotes', xmp(`<rdf:Description Iptc4xmpExt:DigitalSourceType='${TRAINED}'/>`)],
    [
      'a resource',
      xmp(
        `<rdf:Description><Iptc4xmpExt:DigitalSourceType rdf:resource="${TRAINED}"/></rdf:Description>`,
      ),
    ],
    [
      'another prefix',
      xmp(
        `<rdf:Description><iptc:DigitalSourceType>${TRAINED}</iptc:DigitalSourceType></rdf:Description>`,
      ),
    ],
    ['an array', asElement(`<rdf:Bag><rdf:li>${TRAINED}</rdf:li></rdf:Bag>`)],
    [
      'a value with qualifiers',
      asElement(`<rdf:Description><rdf:value>${TRAINED}</rdf:value></rdf:Description>`),
    ],
    ['a CDATA section', asElement(`<![CDATA[${TRAINED}]]>`)],
    ['character references', asElement(TRAINED.replace('t', '&#116;').replace('/', '&#x2F;'))],
    ['https', asElement(TRAINED.replace('http:', 'https:'))],
    ['a slash at the end', asElement(`${TRAINED}/`)],
    ['capitals and white space', asElement(`\n  ${TRAINED.toUpperCase()}\n`)],
    ['a QCode', asElement('digsrctype:trainedAlgorithmicMedia')],
    ['the term alone', asElement('trainedAlgorithmicMedia')],
    ['the English name', asElement('Trained Algorithmic Media')],
    ['an address as a browser has it', asElement(`${TRAINED}?lang=en-GB#top`)],
    [
      'the word of schema.org',
      asElement('https://schema.org/TrainedAlgorithmicMediaDigitalSource'),
    ],
    [
      'the name that the property had before 2010',
      xmp(`<rdf:Description Iptc4xmpExt:DigitalSourcefileType="${TRAINED}"/>`),
    ],
    [
      'a property in small letters',
      xmp(`<rdf:Description Iptc4xmpExt:digitalsourcetype="${TRAINED}"/>`),
    ],
  ])('are read from %s', async (_name, packet) => {
    const { outcome, facts, raw } = await stated(packet);
    expect({ outcome, facts, raw }).toEqual({
      outcome: 'found',
      facts: factsFor('xmp', TRAINED),
      raw: [],
    });
  });

  it.each([
    ['PNG', png(unicodeTextChunk('XML:com.adobe.xmp', asElement(TRAINED), false))],
    ['PNG, packed', png(unicodeTextChunk('XML:com.adobe.xmp', asElement(TRAINED), true))],
    [
      'PNG as ImageMagick writes it',
      png(
        packedTextChunk(
          'Raw profile type xmp',
          `\nxmp\n     9\n${Buffer.from(asElement(TRAINED)).toString('hex').replace(/.{72}/g, '$&\n')}\n`,
        ),
      ),
    ],
    ['JPEG', jpeg(xmpSegment(asElement(TRAINED)))],
    ['WebP', webp(riffChunk('XMP ', Buffer.from(asElement(TRAINED))))],
    ['TIFF', tiff('MM', [{ tag: TIFF_TAG.xmp, type: 1, value: Buffer.from(asElement(TRAINED)) }])],
    ['SVG', Buffer.from(`<svg><metadata>${asElement(TRAINED)}</metadata></svg>`)],
    ['UTF-16, low byte first', utf16(`\ufeff${asElement(TRAINED)}`, 'le')],
    ['UTF-16, high byte first', utf16(`\ufeff${asElement(TRAINED)}`, 'be')],
    [
      'PDF',
      Buffer.from(`%PDF-1.7\n${'x'.repeat(5_000_000)}stream\n${asElement(TRAINED)}\nendstream`),
    ],
    ['MP4', Buffer.from(`\0\0\0\x10ftypmp42\0\0\0\0${asElement(TRAINED)}`)],
  ])('are read from %s', async (_name, bytes) => {
    expect((await stated(bytes)).facts).toEqual(factsFor('xmp', TRAINED));
  });

  it('are read from XMP that is spread over segments of a JPEG', async () => {
    const whole = asElement(TRAINED);
    const digest = '0123456789ABCDEF0123456789ABCDEF';
    const parts = [0, 150, 300].map((at) =>
      moreXmpSegment(digest, whole.length, at, whole.slice(at, at === 300 ? undefined : at + 150)),
    );
    const bytes = jpeg(xmpSegment(xmp('<rdf:Description/>')), ...parts.reverse());
    expect((await stated(bytes)).facts).toEqual(factsFor('xmp', TRAINED));
  });

  it('are all read, each once, in one order', async () => {
    const uris = SOURCE_TYPES.map(({ uri }) => uri);
    const [first = '', ...others] = uris;
    const packets = [first, ...others, first].map((uri) => xmpSegment(asElement(uri)));
    expect((await stated(jpeg(...packets))).facts).toEqual(factsFor('xmp', ...uris.sort()));
  });

  it('are counted and kept as text when the term is not known', async () => {
    const strange = 'http://example.org/source/painted';
    const { outcome, facts, raw } = await stated(asElement(strange));
    expect(outcome).toBe('found');
    expect(facts).toEqual({ ...factsFor('xmp'), unknown: 1 });
    expect(raw).toEqual([{ where: 'xmp', text: strange, truncated: false }]);
  });

  it('are not known when they stand behind an entity, since none is expanded', async () => {
    const document = `<!DOCTYPE x [<!ENTITY t "${TRAINED}">]><x a:DigitalSourceType="&t;"/>`;
    const { facts, raw } = await stated(document);
    expect(facts).toEqual({ ...factsFor('xmp'), unknown: 1 });
    expect(raw).toEqual([{ where: 'xmp', text: '&t;', truncated: false }]);
  });

  it.each([
    ['a picture that states none', jpeg(xmpSegment(xmp('<rdf:Description/>')))],
    ['an empty statement', Buffer.from(asElement(' '))],
    ['a comment', Buffer.from(`<svg><!-- ${asElement(TRAINED).replaceAll('--', '')} --></svg>`)],
  ])('are not seen in %s', async (_name, bytes) => {
    const { outcome, facts } = await stated(bytes);
    expect({ outcome, facts }).toEqual({ outcome: 'none', facts: factsFor(undefined) });
  });

  it.each(['a text about trainedAlgorithmicMedia', '{"digitalSourceType": "x"}'])(
    'do not apply to %s',
    async (text) => {
      expect(await stated(text)).toMatchObject({ outcome: 'not-applicable', facts: {}, raw: [] });
    },
  );

  it('are found across the borders of the steps in which a file is searched', async () => {
    const packet = asElement(TRAINED);
    const signed = store(actions(TRAINED));
    for (const before of [0, 1, 5, 14, 30]) {
      const bytes = Buffer.alloc(5 * 1024 * 1024);
      bytes.write('%PDF-1.7');
      bytes.write(packet, 4 * 1024 * 1024 - before);
      expect((await stated(bytes)).facts).toEqual(factsFor('xmp', TRAINED));
      bytes.fill(0, 100);
      bytes.set(signed, 4 * 1024 * 1024 - before);
      expect((await stated(bytes)).facts).toEqual(factsFor('c2pa-unvalidated', TRAINED));
    }
  });

  it('are searched at the start and the end of a file that is too large to search whole', async () => {
    const large = Buffer.alloc(40 * 1024 * 1024);
    large.write('%PDF-1.7');
    large.write(asElement(TRAINED), large.length - 2_000);
    const facts = { ...factsFor('xmp', TRAINED), complete: false };
    expect((await stated(large)).facts).toEqual(facts);
    large.fill(0, 100);
    large.write(asElement(TRAINED), 20 * 1024 * 1024);
    const none = await stated(large);
    expect(none).toMatchObject({ outcome: 'none', facts: { complete: false } });
  });
});

describe('source types in C2PA stores', () => {
  const signed = store(actions(TRAINED, `${IPTC}digitalCapture`));
  const expected = factsFor('c2pa-unvalidated', `${IPTC}digitalCapture`, TRAINED);

  it.each([
    ['PNG', png(pngChunk('caBX', signed))],
    ['JPEG', jpeg(...storeSegments(signed, 65_000))],
    ['JPEG, spread over segments', jpeg(...storeSegments(signed, 50))],
    ['JPEG, segments in another order', jpeg(...storeSegments(signed, 50).reverse())],
    ['WebP', webp(riffChunk('C2PA', signed))],
    ['TIFF', tiff('II', [{ tag: TIFF_TAG.c2pa, type: 7, value: signed }])],
    [
      'SVG',
      Buffer.from(
        `<svg><metadata><c2pa:manifest>${signed.toString('base64')}</c2pa:manifest></metadata></svg>`,
      ),
    ],
    ['a sidecar', signed],
    ['MP4', Buffer.concat([Buffer.from('\0\0\0\x10ftypmp42\0\0\0\0'), signed])],
  ])('are read from %s', async (_name, bytes) => {
    const { outcome, facts } = await stated(bytes);
    expect({ outcome, facts }).toEqual({ outcome: 'found', facts: expected });
  });

  it('are read from manifests that are packed', async () => {
    const inner = superbox(
      'c2ma',
      'urn:c2pa:inner',
      superbox('c2as', 'c2pa.assertions', actions(TRAINED)),
    );
    const bytes = superbox('c2pa', 'c2pa', superbox('c2cm', 'urn:c2pa:packed', packed(inner)));
    expect((await stated(bytes)).facts).toEqual(factsFor('c2pa-unvalidated', TRAINED));
  });

  it('are read from metadata assertions in JSON', async () => {
    const json = JSON.stringify({ '@context': {}, 'Iptc4xmpExt:DigitalSourceType': TRAINED });
    const assertion = superbox('json', 'cawg.metadata', box('json', Buffer.from(json)));
    expect((await stated(store(assertion))).facts).toEqual(factsFor('c2pa-unvalidated', TRAINED));
  });

  it('are read beside those in XMP', async () => {
    const bytes = jpeg(
      xmpSegment(asElement(`${IPTC}digitalCreation`)),
      exifSegment(tiff('II', [ascii(TIFF_TAG.make, 'Maker')])),
      ...storeSegments(signed, 100),
    );
    expect((await stated(bytes)).facts).toEqual({
      digitalSourceTypes: [`${IPTC}digitalCapture`, `${IPTC}digitalCreation`, TRAINED],
      carriers: ['c2pa-unvalidated', 'xmp'],
      unknown: 0,
      complete: true,
    });
  });

  it('are unreadable in a broken store, unless another place states one', async () => {
    const broken = pngChunk('caBX', signed.subarray(0, signed.length - 3));
    expect(await stated(png(broken))).toMatchObject({
      outcome: 'unreadable',
      facts: { reason: 'malformed' },
    });
    const both = png(broken, unicodeTextChunk('XML:com.adobe.xmp', asElement(TRAINED), false));
    expect((await stated(both)).facts).toEqual(factsFor('xmp', TRAINED));
  });
});
