import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packedTextChunk, png, pngChunk } from '../evidence/support/png-bytes.ts';
import { zip } from '../evidence/support/zip-bytes.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';

/** What one file may take at the most: its five seconds, its thread's heap, and what else goes on. */
const MOST_MS = 15_000;
const MOST_GROWTH_KIB = 512 * 1024;
const UNPACKED = 200_000_000;

let home: HttpHome;

beforeAll(async () => {
  home = await openHttpHome({ inquiries: { open: true, maxBytes: 10_000_000, perHour: 1000 } });
});
afterAll(() => home[Symbol.asyncDispose]());

function find(bytes: Uint8Array, name: string): Promise<Response> {
  return fetch(`${home.node.url}/api/v1/find?name=${name}`, {
    method: 'POST',
    // A bomb takes longer to make than an idle connection lives.
    headers: { 'content-type': 'application/octet-stream', connection: 'close' },
    body: bytes as Uint8Array<ArrayBuffer>,
  });
}

/** A picture whose head says that it has this side. */
async function declared(format: 'png' | 'jpeg' | 'webp', side: number): Promise<Buffer> {
  const picture = sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } });
  const bytes = await picture.toFormat(format, { lossless: true }).toBuffer();
  if (format === 'png') {
    const head = Buffer.from(bytes.subarray(16, 29));
    head.writeUInt32BE(side, 0);
    head.writeUInt32BE(side, 4);
    return Buffer.concat([bytes.subarray(0, 8), pngChunk('IHDR', head), bytes.subarray(33)]);
  }
  if (format === 'jpeg') {
    const at = bytes.indexOf(Buffer.from('ffc0', 'hex'));
    bytes.writeUInt16BE(side, at + 5);
    bytes.writeUInt16BE(side, at + 7);
    return bytes;
  }
  // Both sides less one, of 14 bits each, after the mark of VP8L.
  bytes.writeUInt32LE((side - 1) | ((side - 1) << 14), bytes.indexOf('VP8L') + 9);
  return bytes;
}

it.each<[string, string, () => Buffer | Promise<Buffer>]>([
  ['a PNG that says it has 2,500,000,000 pixels', 'a.png', () => declared('png', 50_000)],
  ['a JPEG that says it has 4,225,000,000 pixels', 'a.jpg', () => declared('jpeg', 65_000)],
  ['a WebP that says it has 256,000,000 pixels', 'a.webp', () => declared('webp', 16_000)],
  [
    'a PNG with 200 MB of packed text',
    'a.png',
    () => png(packedTextChunk('parameters', Buffer.alloc(UNPACKED))),
  ],
  [
    'an SVG of 1,000,000,000 on each side',
    'a.svg',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>'),
  ],
  [
    'an EPUB with 200 MB of packed words',
    'a.epub',
    () =>
      zip({ mimetype: 'application/epub+zip', 'META-INF/container.xml': Buffer.alloc(UNPACKED) }),
  ],
  ['a ZIP with 200 MB in it', 'a.zip', () => zip({ 'a.txt': Buffer.alloc(UNPACKED, 'a ') })],
  ['a GZIP with 200 MB in it', 'a.svgz', () => gzipSync(Buffer.alloc(UNPACKED, '<g>'))],
  [
    'a WAVE that says it has 4 GiB of sound',
    'a.wav',
    () =>
      Buffer.concat([
        Buffer.from('RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x02\0', 'latin1'),
        Buffer.from('44ac000010b1020004001000', 'hex'),
        Buffer.from('data\xff\xff\xff\xff', 'latin1'),
        Buffer.alloc(1000),
      ]),
  ],
])('%s takes little time and memory of a node that is asked about it', async (_, name, make) => {
  const bytes = await make();
  const before = process.memoryUsage().rss / 1024;
  const began = performance.now();
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss / 1024);
  }, 20);
  const answer = await find(bytes, name);
  clearInterval(watching);
  expect(performance.now() - began).toBeLessThan(MOST_MS);
  expect(most - before).toBeLessThan(MOST_GROWTH_KIB);
  // It is compared with nothing but its bytes, or refused.
  const told = await answer.json();
  expect([200, 400, 413, 422]).toContain(answer.status);
  if (answer.status === 200) expect(told).toMatchObject({ found: [] });
  expect(readdirSync(join(home.home, 'passing'))).toEqual([]);
});

it('the node answers about a picture after all of them', async () => {
  const side = 200;
  const grey = Buffer.from(
    Array.from(
      { length: side * side },
      (_, at) => 127 + 63 * Math.sin(at / 900) + 63 * Math.cos((at % side) / 13),
    ),
  );
  const raw = { width: side, height: side, channels: 1 } as const;
  const picture = await sharp(grey, { raw }).png().toBuffer();
  expect(await (await find(picture, 'a.png')).json()).toMatchObject({ compared: 'picture' });
});
