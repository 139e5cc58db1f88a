import { afterAll, describe, expect, it } from 'vitest';
import type { FactValue } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findingOf } from './support/inspected.ts';
import { jpeg, segment } from './support/jpeg-bytes.ts';
import { actions, store } from './support/jumbf-bytes.ts';
import { png } from './support/png-bytes.ts';
import { utf16 } from './support/tiff-bytes.ts';
import { webp } from './support/webp-bytes.ts';
import { zip } from './support/zip-bytes.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

type Facts = { readonly [key: string]: FactValue };

async function factsOf(filename: string, content: Uint8Array | string): Promise<Facts> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const finding = await findingOf(inspectors, folder.path, 'format', { filename, bytes });
  expect(finding.raw).toEqual([]);
  expect(finding.outcome).toBe(finding.facts['basis'] === null ? 'none' : 'found');
  return finding.facts;
}

const structure = (mediaType: string) => ({ mediaType, basis: 'structure' });
const extension = (mediaType: string) => ({ mediaType, basis: 'extension' });
const magic = (mediaType: string) => ({ mediaType, basis: 'magic' });
const UNKNOWN = { mediaType: 'application/octet-stream', basis: null };

const XML = '<?xml version="1.0"?>\n';

describe('the format of a file', () => {
  it.each<[string, string | Uint8Array, Facts]>([
    ['empty.txt', '', UNKNOWN],
    ['noise.bin', Uint8Array.from({ length: 999 }, (_, at) => (at * 37) % 256), UNKNOWN],
    ['control.txt', 'a text\u0000 with a zero', UNKNOWN],
    ['control.txt', 'a text\u007f', UNKNOWN],
    ['control.txt', '\u0007 a text', UNKNOWN],
    ['control.txt', 'a text, \u001b[1mbold', UNKNOWN],
    ['lines.txt', 'a\tb\r\nc\fd', structure('text/plain')],
    ['note.txt', 'BMW began to build engines.', structure('text/plain')],
    ['note.txt', 'MZ is what programs begin with.', structure('text/plain')],
    ['README', 'No extension — but a text.\r\n', structure('text/plain')],
    ['latin.txt', Buffer.from('d\xe9j\xe0 vu', 'latin1'), structure('text/plain')],
    ['latin', Buffer.from('d\xe9j\xe0 vu', 'latin1'), UNKNOWN],
    ['wide.txt', utf16('\ufeffdéjà vu 🎨', 'le'), structure('text/plain')],
    ['wide.txt', utf16('\ufeffdéjà vu 🎨', 'be'), structure('text/plain')],
    ['poem.md', '# Title\n', extension('text/markdown')],
    ['list.csv', 'a,b\n1,2\n', extension('text/csv')],
    ['cube.obj', '# cube\nv 0 0 1\nf 1 2 3\n', extension('model/obj')],
    ['cube.obj', 'objects of desire', structure('text/plain')],
    ['data', ' {"a": [1, 2]}\n', structure('application/json')],
    ['data', '{"a": [1, 2}', structure('text/plain')],
    ['map.geojson', '{"type": "Point"}', structure('application/geo+json')],
    ['link.md', '[link](https://example.org)', extension('text/markdown')],
    ['page', '<!DOCTYPE html>\n<html><body>', structure('text/html')],
    ['page', '<html xmlns="http://www.w3.org/1999/xhtml"/>', structure('application/xhtml+xml')],
    ['thing', `${XML}<thing/>`, structure('application/xml')],
    ['thing.xml', '<thing/>', extension('application/xml')],
    ['thing.txt', '<thing> is a word', structure('text/plain')],
    ['score', `${XML}<score-partwise/>`, structure('application/vnd.recordare.musicxml+xml')],
    ['a.xmp', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', structure('application/rdf+xml')],
    [
      'book.opf',
      `${XML}<package xmlns="http://www.idpf.org/2007/opf"/>`,
      structure('application/oebps-package+xml'),
    ],
    ['font.otf', Buffer.from('OTTO\0\x0a\0\x80\0\x03\0\x20', 'latin1'), magic('font/otf')],
    ['tune.mid', Buffer.from('4d546864000000060001000200604d54726b', 'hex'), magic('audio/midi')],
    ['credential', store(actions('digitalCapture')), magic('application/c2pa')],
    ['a.zip', zip({ 'a.txt': 'a' }), magic('application/zip')],
    ['song.mscz', zip({ 'song.mscx': '<museScore/>' }), structure('application/x-musescore')],
    [
      'song.mxl',
      zip({ 'META-INF/container.xml': '<container/>', 'song.xml': '<score-partwise/>' }),
      structure('application/vnd.recordare.musicxml'),
    ],
    ['art.kra', zip({ mimetype: 'application/x-krita' }), structure('application/x-krita')],
    ['art.zip', zip({ mimetype: 'Jane Doe 1984' }), magic('application/zip')],
    ['cut.zip', zip({ 'a.txt': 'a' }).subarray(0, 40), magic('application/zip')],
  ])('of %s is known (%#)', async (filename, content, expected) => {
    await expect(factsOf(filename, content)).resolves.toEqual(expected);
  });

  it.each<[string, string | Uint8Array, number, number]>([
    ['a.png', png(), 4, 4],
    ['a.gif', Buffer.from('474946383961030005000000', 'hex'), 3, 5],
    ['a.webp', webp(), 4, 3],
    ['a.jpg', jpeg(segment(0xc2, Buffer.from('0800070009', 'hex'))), 9, 7],
    ['box.svg', '<svg viewBox="0 0 72 36.4"/>', 72, 36],
    ['both.svg', '<svg width="10" height="20px" viewBox="0 0 72 72"/>', 10, 20],
    ['paper.svg', '<svg width="25.4mm" height="1in"/>', 96, 96],
    ['percent.svg', '<svg width="100%" height="100%" viewBox="0,0,8,9"/>', 8, 9],
    [
      'late.svg',
      `${XML}<!-- > --><!DOCTYPE svg [<!ENTITY a "]>">]><svg width='5' height='6'>`,
      5,
      6,
    ],
  ])('of %s comes with the size of the picture', async (filename, content, width, height) => {
    await expect(factsOf(filename, content)).resolves.toMatchObject({ width, height });
  });

  it.each([
    ['nothing.svg', '<svg/>'],
    ['zero.svg', '<svg width="0" height="0"/>'],
    ['huge.svg', '<svg width="9999999999" height="9999999999"/>'],
    ['words.svg', '<svg viewBox="0 0 wide high"/>'],
  ])('of %s comes without a size that could not be right', async (filename, content) => {
    await expect(factsOf(filename, content)).resolves.toEqual(structure('image/svg+xml'));
  });

  it('is found behind a tag as large as the first 64 KiB', async () => {
    const tag = Buffer.from('4944330400000003080000', 'hex');
    const frame = Buffer.from('fffb9064', 'hex');
    const bytes = Buffer.concat([tag.subarray(0, 6), Buffer.from('00060000', 'hex')]);
    const song = Buffer.concat([bytes, Buffer.alloc(6 * 16384), frame, Buffer.alloc(1000)]);
    await expect(factsOf('song', song)).resolves.toEqual(magic('audio/mpeg'));
  });
});
