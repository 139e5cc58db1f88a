import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { pictureContent } from '../../src/evidence/fingerprints/picture.ts';
import type { ByteSource } from '../../src/evidence/inspector.ts';
import { upright } from '../../src/evidence/pictures/upright.ts';

const [WIDTH, HEIGHT] = [301, 203];

/** A picture in which no row, column, side or channel is like another. */
function drawn(channels: 1 | 3 | 4, width = WIDTH, height = HEIGHT): Sharp {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const [x, y] = [Math.floor(at / channels) % width, Math.floor(at / channels / width)];
    return 127 + 60 * Math.sin((x * (1 + (at % channels))) / 21) + 60 * Math.cos((y + x / 3) / 17);
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    cid: 'bafkqaaa' as Cid,
    filename: 'a',
    size: bytes.length,
    head: bytes.subarray(0, 65_536),
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto(offset, target) {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  };
}

const KINDS: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
  ['JPEG', () => drawn(3).jpeg().toBuffer()],
  ['a progressive JPEG', () => drawn(3).jpeg({ progressive: true }).toBuffer()],
  ['a JPEG in CMYK', () => drawn(3).toColourspace('cmyk').jpeg().toBuffer()],
  ['a JPEG that is turned', () => drawn(3).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ['PNG', () => drawn(3).png().toBuffer()],
  ['an interlaced PNG with transparency', () => drawn(4).png({ progressive: true }).toBuffer()],
  ['PNG of 16 bits', () => drawn(3).toColourspace('rgb16').png().toBuffer()],
  ['PNG with a palette', () => drawn(3).png({ palette: true, colours: 16 }).toBuffer()],
  ['grey PNG', () => drawn(1).toColourspace('b-w').png().toBuffer()],
  ['WebP', () => drawn(4).webp().toBuffer()],
  ['TIFF of 16 bits', () => drawn(3).toColourspace('rgb16').tiff().toBuffer()],
  ['GIF', () => drawn(3).gif().toBuffer()],
  ['AVIF', () => drawn(3).avif({ effort: 0 }).toBuffer()],
];

describe('a picture that is too large for memory', () => {
  it.each(KINDS)('has the codes of its own pixels, all of them: %s', async (_kind, encode) => {
    const source = sourceOf(await encode());
    const whole = await pictureContent(source);
    expect(whole.facts['pdqQuality']).toBeGreaterThan(50);
    expect(await pictureContent(source, 0)).toEqual(whole);
  });

  it('has them as well where it takes more than one piece to be read', async () => {
    const source = sourceOf(await drawn(3, 2_001, 1_501).jpeg().toBuffer());
    expect(await pictureContent(source, 0)).toEqual(await pictureContent(source));
  });

  it('is unreadable where it breaks off', async () => {
    const bytes = await drawn(3).png().toBuffer();
    const broken = sourceOf(bytes.subarray(0, bytes.length / 2));
    await expect(pictureContent(broken, 0)).rejects.toMatchObject({ reason: 'malformed' });
  });
});

describe('a picture is turned upright', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('as libvips does it: orientation %i', async (orientation) => {
    const grey = new Uint8Array(await drawn(1).toColourspace('b-w').raw().toBuffer());
    const lossless = await drawn(1)
      .withMetadata({ orientation })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const { data, info } = await sharp(lossless)
      .autoOrient()
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(upright({ width: WIDTH, height: HEIGHT, grey }, orientation)).toEqual({
      width: info.width,
      height: info.height,
      grey: new Uint8Array(data),
    });
  });

  it('stays as it is where nobody knows which way is up', () => {
    const picture = { width: 2, height: 1, grey: Uint8Array.of(1, 2) };
    for (const orientation of [0, 9, Number.NaN])
      expect(upright(picture, orientation)).toBe(picture);
  });
});
