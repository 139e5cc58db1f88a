import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ArchiveError } from '../../src/core/errors.ts';
import type { Original } from '../../src/core/ports/rendering.ts';
import { previews } from '../../src/evidence/rendering/previews.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { original, originalFile } from './support/originals.ts';
import { png, pngChunk } from './support/png-bytes.ts';
import { CORPUS, EVIDENCE_FILES, hasCorpus, hasEvidenceFiles } from './support/public-files.ts';

const hasLimits =
  hasProgram('setpriv', '--version', /util-linux/) &&
  hasProgram('prlimit', '--version', /util-linux/);
const hasFfmpeg = hasLimits && hasProgram('ffmpeg', '-version', /^ffmpeg version/);
const hasMutool = hasLimits && hasProgram('which', 'mutool', /mutool/);
const hasHeif = hasLimits && hasProgram('which', 'heif-convert', /heif-convert/);

const folder = temporaryFolder();
beforeAll(() => {
  vi.stubEnv('TMPDIR', folder.path);
});
afterAll(() => {
  vi.unstubAllEnvs();
  folder[Symbol.dispose]();
});

/** Returns a preview, or the code with which there is none, and checks that nothing is left behind. */
async function previewOf(asset: Original): Promise<Awaited<ReturnType<typeof previews.make>>> {
  try {
    return await previews.make(asset);
  } finally {
    const left = readdirSync(folder.path).filter((name) => name.startsWith('ringfence-'));
    expect(left).toEqual([]);
  }
}

async function refusalOf(asset: Original): Promise<string> {
  const made = await previewOf(asset).catch((error: unknown) => error);
  return made instanceof ArchiveError ? made.code : 'none';
}

async function pixels(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) =>
    [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)].map(Math.round);
  return { ...info, at };
}

const svg = (inside: string, attributes = 'width="100" height="100"', before = '') =>
  `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`;
const RECTANGLE = '<rect width="100" height="100" fill="#00f"/>';

describe.skipIf(!hasLimits)('a preview (skipped without setpriv and prlimit)', () => {
  it('of a picture is upright, on white and at most 512 pixels a side', async () => {
    const tall = await sharp({
      create: { width: 900, height: 300, channels: 4, background: '#0000' },
    })
      .png()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { mediaType, bytes } = await previewOf(original(tall, 'image/png'));
    expect(mediaType).toBe('image/webp');
    const { width, height, at } = await pixels(bytes);
    expect({ width, height, corner: at(0, 0) }).toEqual({
      width: 171,
      height: 512,
      corner: [255, 255, 255],
    });
  });

  it('of a drawing is what it draws itself', async () => {
    const { bytes } = await previewOf(original(svg(RECTANGLE), 'image/svg+xml'));
    const { width, at } = await pixels(bytes);
    expect(width).toBe(512);
    const [red = 255, , blue = 0] = at(256, 256);
    expect(red).toBeLessThan(10);
    expect(blue).toBeGreaterThan(240);
  });

  it('of a text is its beginning, of HTML what people read of it, without control characters', async () => {
    const page = '<html><style>p{}</style><p>Down the\u202e rabbit-hole\u0007</p></html>';
    const { mediaType, bytes } = await previewOf(original(page, 'application/xhtml+xml'));
    expect(mediaType).toBe('text/plain');
    expect(Buffer.from(bytes).toString()).toBe('Down the rabbit-hole');
    const long = await previewOf(original('ä'.repeat(40_000), 'text/plain'));
    expect(Buffer.from(long.bytes).toString()).toBe(`${'ä'.repeat(1000)}…`);
  });

  it('is not there for what nothing here shows', async () => {
    expect(await refusalOf(original('MThd', 'audio/midi'))).toBe('media_unsuitable');
    expect(await refusalOf(original('#EXTM3U', 'application/vnd.apple.mpegurl'))).toBe(
      'media_unsuitable',
    );
  });

  it('is not there where the program is missing, which is told', async () => {
    const path = process.env['PATH'];
    vi.stubEnv('PATH', folder.path);
    expect(await refusalOf(original('RIFF', 'audio/wav'))).toBe('tool_missing');
    vi.stubEnv('PATH', path);
  });

  it.skipIf(!hasCorpus || !hasFfmpeg)(
    'of a sound is its shape (skipped without the corpus or ffmpeg)',
    async () => {
      const file = join(CORPUS, 'sounds', 'alarm-clock-elapsed.oga');
      const { mediaType, bytes } = await previewOf(originalFile(file, 'audio/ogg'));
      expect(mediaType).toBe('image/png');
      expect(await pixels(bytes)).toMatchObject({ width: 512, height: 128 });
    },
  );

  it.skipIf(!hasEvidenceFiles || !hasFfmpeg)(
    'of a film is one frame (skipped without the evidence files or ffmpeg)',
    async () => {
      const file = join(EVIDENCE_FILES, 'c2pa-video', 'video1.mp4');
      const { mediaType, bytes } = await previewOf(originalFile(file, 'video/mp4'));
      expect(mediaType).toBe('image/png');
      const { width, height } = await pixels(bytes);
      expect(Math.max(width, height)).toBe(512);
    },
  );

  it.skipIf(!hasCorpus || !hasMutool)(
    'of a PDF is its first page (skipped without the corpus or mutool)',
    async () => {
      const file = join(CORPUS, 'pdf', 'refcard-en-a4.pdf');
      const { mediaType, bytes } = await previewOf(originalFile(file, 'application/pdf'));
      expect(mediaType).toBe('image/png');
      expect(await pixels(bytes)).toMatchObject({ width: 512 });
    },
  );

  it.skipIf(!hasHeif)(
    'of a HEIF picture is made by libheif (skipped without heif-convert)',
    async () => {
      const red = { width: 800, height: 400, channels: 3, background: '#f00' } as const;
      const heif = await sharp({ create: red }).avif().toBuffer();
      const { mediaType, bytes } = await previewOf(original(heif, 'image/heic'));
      expect(mediaType).toBe('image/webp');
      const { width, height, at } = await pixels(bytes);
      expect({ width, height }).toEqual({ width: 512, height: 256 });
      expect(at(200, 100)[0]).toBeGreaterThan(200);
    },
  );
});

describe.skipIf(!hasLimits)('hostile bytes (skipped without setpriv and prlimit)', () => {
  it('do not make a drawing show a file or call a server', async () => {
    const red = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#f00' } })
      .png()
      .toBuffer();
    writeFileSync(join(folder.path, 'red.png'), red);
    let calls = 0;
    const server = createServer((_, answer) => {
      calls += 1;
      answer.end(red);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const places = [`file://${folder.path}/red.png`, `${folder.path}/red.png`].concat(
      `http://127.0.0.1:${port}/red.png`,
    );
    const images = places.map(
      (place) =>
        `<image width="100" height="100" href="${place}"/><image width="100" height="100" xlink:href='${place}'/>` +
        `<style>@import url(${place}); rect { fill: url("${place}#a") }</style>`,
    );
    const { bytes } = await previewOf(original(svg(images.join('')), 'image/svg+xml'));
    const { at } = await pixels(bytes);
    expect(at(256, 256)).toEqual([255, 255, 255]);
    server.close();
    expect(calls).toBe(0);
  });

  it.each([
    ['an outer entity', '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>', '&x;'],
    [
      'entities in entities',
      `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${Array.from(
        'bcdefghijk',
        (name, at) => `<!ENTITY ${name} "${`&${'abcdefghij'[at]};`.repeat(10)}">`,
      ).join('')}]>`,
      '&k;',
    ],
  ])('with %s are no drawing', async (_, before, text) => {
    const bytes = svg(`<text>${text}</text>`, 'width="100" height="100"', before);
    expect(['media_unreadable', 'work_limit']).toContain(
      await refusalOf(original(bytes, 'image/svg+xml')),
    );
  });

  it('of enormous size are refused before they are decoded', async () => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(50_000, 0);
    header.writeUInt32BE(50_000, 4);
    header.set([8, 2], 8);
    const bomb = Buffer.concat([
      png().subarray(0, 8),
      pngChunk('IHDR', header),
      pngChunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
      pngChunk('IEND', ''),
    ]);
    expect(await refusalOf(original(bomb, 'image/png'))).toBe('work_limit');
    const wide = svg(RECTANGLE, 'width="1e9" height="1e9" viewBox="0 0 1 1"');
    expect(['none', 'work_limit', 'media_unreadable']).toContain(
      await refusalOf(original(wide, 'image/svg+xml')),
    );
  });

  it.skipIf(!hasFfmpeg)(
    'that list other files or servers are read as no list (skipped without ffmpeg)',
    async () => {
      let calls = 0;
      const server = createServer((_, answer) => {
        calls += 1;
        answer.end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const address = `http://127.0.0.1:${port}/`;
      const lists = [
        `#EXTM3U\n#EXTINF:1,\n${address}a.ts\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
        `ffconcat version 1.0\nfile '${address}'\nfile '/etc/passwd'\n`,
      ];
      const types = ['video/mp4', 'audio/mpeg', 'video/mpeg', 'audio/aac', 'video/webm'];
      for (const list of lists) {
        for (const type of types) {
          const code = await refusalOf(original(list, type));
          expect(['media_unreadable', 'media_unsuitable'], `${type} ${list}`).toContain(code);
        }
      }
      server.close();
      expect(calls).toBe(0);
    },
  );

  it.skipIf(!hasCorpus || !hasMutool)(
    'of a PDF are its pages, and none that is not there (skipped without the corpus or mutool)',
    async () => {
      const file = originalFile(join(CORPUS, 'pdf', 'refcard-en-a4.pdf'), 'application/pdf');
      const [one, two] = [await previews.page(file, 1), await previews.page(file, 2)];
      expect(Buffer.from(one.bytes).equals(two.bytes)).toBe(false);
      const { width = 0, height = 0 } = await sharp(two.bytes).metadata();
      expect(Math.max(width, height)).toBe(1400);
      const unsuitable = { code: 'media_unsuitable' };
      await expect(previews.page(file, 3)).rejects.toMatchObject({ code: 'input_invalid' });
      await expect(previews.page(original('words', 'text/plain'), 1)).rejects.toMatchObject(
        unsuitable,
      );
      const counted = original(pdfWithCountApart(2), 'application/pdf');
      expect((await previews.page(counted, 2)).mediaType).toBe('image/png');
      await expect(previews.page(counted, 3)).rejects.toMatchObject({ code: 'input_invalid' });
      const broken = original('%PDF-1.7 and no more', 'application/pdf');
      await expect(previews.page(broken, 1)).rejects.toBeInstanceOf(ArchiveError);
    },
  );

  it.skipIf(!hasMutool)('in a PDF run no script (skipped without mutool)', async () => {
    const script = '(app.launchURL\\("http://127.0.0.1:9/"\\); while \\(true\\) {})';
    const pdf = `%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS ${script}>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/AA<</O<</S/JavaScript/JS ${script}>>>>>> endobj
trailer <</Root 1 0 R>>
%%EOF`;
    const { bytes } = await previewOf(original(pdf, 'application/pdf'));
    expect(await pixels(bytes)).toMatchObject({ width: 512, height: 512 });
  });

  it.skipIf(!hasEvidenceFiles || !hasFfmpeg)(
    'that break off give a preview or a code, and leave nothing (skipped without the evidence files or ffmpeg)',
    async () => {
      const broken = [
        ['c2pa-valid-jpeg/adobe-20220124-C.jpg', 'image/jpeg'],
        ['c2pa-video/video1.mp4', 'video/mp4'],
        ['same-work-many-formats/demo.mp3', 'audio/mpeg'],
        ['malformed-container/nested_moov_1000.mp4', 'video/mp4'],
        ['malformed-container/riff_bomb_1000.wav', 'audio/wav'],
      ] as const;
      for (const [name, type] of broken) {
        const whole = originalFile(join(EVIDENCE_FILES, name), type);
        for await (const bytes of whole.read()) {
          const code = await refusalOf(original(bytes.subarray(0, bytes.length / 3), type));
          expect(['none', 'media_unreadable', 'media_unsuitable', 'work_limit']).toContain(code);
        }
      }
    },
  );
});

/** A PDF whose number of pages is an object of its own, which is rare and allowed. */
function pdfWithCountApart(pages: number): string {
  const kids = Array.from({ length: pages }, (_, i) => `${i + 4} 0 R`).join(' ');
  const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count 3 0 R/Kids[${kids}]>>`,
    String(pages),
    ...Array.from({ length: pages }, () => page),
  ];
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('');
  return `%PDF-1.7\n${body}trailer<</Root 1 0 R/Size ${objects.length + 1}>>\n%%EOF\n`;
}
