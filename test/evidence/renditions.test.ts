import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Original } from '../../src/core/ports/rendering.ts';
import { recipeNamed } from '../../src/core/renditions/recipes.ts';
import { renditions } from '../../src/evidence/rendering/renditions.ts';
import { hasProgram } from '../support/has-program.ts';
import { original, originalFile } from './support/originals.ts';
import { CORPUS, EVIDENCE_FILES, hasCorpus, hasEvidenceFiles } from './support/public-files.ts';

const hasLimits =
  hasProgram('setpriv', '--version', /util-linux/) &&
  hasProgram('prlimit', '--version', /util-linux/);
const hasFfmpeg = hasLimits && hasProgram('ffmpeg', '-version', /^ffmpeg version/);

async function made(asset: Original, recipe: string) {
  await using file = await renditions.make(asset, recipeNamed(recipe));
  const { size, sha256, version } = file;
  return { size, sha256, version, bytes: readFileSync(file.path) };
}

describe.skipIf(!hasLimits)('a rendition (skipped without setpriv and prlimit)', () => {
  it('of a picture is the same whenever it is made, upright, bounded and without metadata', async () => {
    const wide = { width: 3000, height: 1000, channels: 4, background: '#0f08' } as const;
    const picture = await sharp({ create: wide })
      .png()
      .withMetadata({ orientation: 6, exif: { IFD0: { Artist: 'Ann' } } })
      .toBuffer();
    const first = await made(original(picture, 'image/png'), 'jpeg-2048');
    const second = await made(original(picture, 'image/png'), 'jpeg-2048');
    expect(second).toEqual(first);
    const { format, width, height, exif } = await sharp(first.bytes).metadata();
    expect({ format, width, height, exif }).toEqual({
      format: 'jpeg',
      width: 683,
      height: 2048,
      exif: undefined,
    });
    expect(first.version).toMatch(/^\d+\.\d+\.\d+\+vips\d/);
  });

  it('is refused of what the recipe is not for, and of what nobody can decode', async () => {
    const code = (code: string) => expect.objectContaining({ code });
    await expect(made(original('words', 'text/plain'), 'jpeg-2048')).rejects.toEqual(
      code('media_unsuitable'),
    );
    await expect(made(original('<svg/>', 'image/svg+xml'), 'jpeg-2048')).rejects.toEqual(
      code('media_unsuitable'),
    );
    await expect(made(original('words', 'image/png'), 'png-2048')).rejects.toEqual(
      code('media_unreadable'),
    );
    expect(() => recipeNamed('jpeg')).toThrow(/no recipe is called jpeg/);
  });

  it.skipIf(!hasFfmpeg || !hasCorpus)(
    'of a sound is the same whenever it is made (skipped without ffmpeg or the corpus)',
    async () => {
      const sound = originalFile(join(CORPUS, 'sounds', 'alarm-clock-elapsed.oga'), 'audio/ogg');
      for (const [recipe, magic] of [
        ['flac-16k', 'fLaC'],
        ['opus-96', 'OggS'],
      ] as const) {
        const first = await made(sound, recipe);
        expect(first.bytes.subarray(0, 4).toString('latin1')).toBe(magic);
        expect(await made(sound, recipe)).toEqual(first);
      }
    },
  );

  it.skipIf(!hasFfmpeg || !hasEvidenceFiles)(
    'of a film is a small film (skipped without ffmpeg or the evidence files)',
    async () => {
      const film = originalFile(join(EVIDENCE_FILES, 'c2pa-video', 'video1.mp4'), 'video/mp4');
      const { bytes, version } = await made(film, 'mp4-720');
      expect(bytes.subarray(4, 8).toString('latin1')).toBe('ftyp');
      expect(version).toMatch(/^\d/);
    },
    120_000,
  );
});
