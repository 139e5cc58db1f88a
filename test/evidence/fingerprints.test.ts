import { spawnSync } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { LIKENESS_LIMITS } from '../../src/core/likeness/likeness.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type NamedBytes, pick, storeAsPack } from './support/inspected.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function fingerprintsOf(...files: readonly NamedBytes[]) {
  const all = await inspectors.inspect(storeAsPack(folder.path, files));
  return all.map((findings) => pick(findings, 'fingerprints'));
}

function distance(a: unknown, b: unknown): number {
  const bits = BigInt(`0x${String(a)}`) ^ BigInt(`0x${String(b)}`);
  return bits.toString(2).replaceAll('0', '').length;
}

/** A picture in which there is much to see. */
function drawing(seed: number) {
  const side = 256;
  const grey = Buffer.from(
    Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [at % side, Math.floor(at / side)];
      return 127 + 63 * Math.sin(x / (9 + seed)) + 63 * Math.cos((y + seed * x) / (17 - seed));
    }),
  );
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } });
}

describe('the fingerprints of an asset', { timeout: 30_000 }, () => {
  it('find a picture again after it was resized and saved as another format', async () => {
    const { same } = LIKENESS_LIMITS.picture;
    const [first, copy, other] = await fingerprintsOf(
      { filename: 'a.png', bytes: await drawing(1).png().toBuffer() },
      { filename: 'b.jpg', bytes: await drawing(1).resize(128).jpeg({ quality: 40 }).toBuffer() },
      { filename: 'c.png', bytes: await drawing(5).png().toBuffer() },
    );
    expect(first?.facts).toMatchObject({
      iscc: expect.stringMatching(/^ISCC:KEA[A-Z2-7]+$/),
      units: { image: expect.stringMatching(/^ISCC:EED[A-Z2-7]+$/) },
      pdq: expect.stringMatching(/^[0-9a-f]{64}$/),
      pdqQuality: 100,
    });
    expect(distance(first?.facts['pdq'], copy?.facts['pdq'])).toBeLessThanOrEqual(same.pdq);
    expect(distance(first?.facts['pdq'], other?.facts['pdq'])).toBeGreaterThan(80);
  });

  it('say of a flat picture that there is nothing to compare', async () => {
    const flat = sharp({
      create: { width: 900, height: 700, channels: 4, background: '#ff000080' },
    });
    const [finding] = await fingerprintsOf({
      filename: 'a.png',
      bytes: await flat.png().toBuffer(),
    });
    expect(finding).toMatchObject({ outcome: 'found', facts: { pdqQuality: 0 } });
  });

  it('are the same for a text with other spaces, marks and markup', async () => {
    const words = Array.from({ length: 200 }, (_, at) => `word${at * at}`);
    const markup = `<html><head><title>A tale</title><script>x = 1</script></head><body><p>${words.join('</p>\n<p>')}`;
    const [plain, html] = await fingerprintsOf(
      { filename: 'a.txt', bytes: Buffer.from(words.join(' ')) },
      { filename: 'b.html', bytes: Buffer.from(markup) },
    );
    const units = (finding: typeof plain) => finding?.facts['units'] as Record<string, string>;
    expect(plain?.facts).toMatchObject({ characters: words.join('').length, pdq: null });
    expect(units(html)['text']).toBe(units(plain)['text']);
    expect(units(html)['meta']).toMatch(/^ISCC:AAD/);
  });

  it('have codes of the bytes alone for what has no content that is known', async () => {
    const [finding] = await fingerprintsOf({
      filename: 'a.bin',
      bytes: Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * at) >> 7),
    });
    expect(finding).toMatchObject({
      outcome: 'found',
      facts: { iscc: expect.stringMatching(/^ISCC:KU/), pdq: null },
    });
    expect(Object.keys(finding?.facts['units'] ?? {})).toEqual(['data', 'instance']);
  });

  it('are unreadable, with the codes of the bytes, for a picture that cannot be decoded', async () => {
    const png = await drawing(1).png().toBuffer();
    const [finding] = await fingerprintsOf({ filename: 'a.png', bytes: png.subarray(0, 5000) });
    expect(finding).toMatchObject({
      outcome: 'unreadable',
      facts: { reason: 'malformed', iscc: expect.stringMatching(/^ISCC:KU/), pdq: null },
    });
  });

  it('refuse a small file that unpacks to a picture of 900 million pixels', async () => {
    const png = await drawing(1).png().toBuffer();
    png.writeUInt32BE(30_000, 16);
    png.writeUInt32BE(30_000, 20);
    const [finding] = await fingerprintsOf({ filename: 'a.png', bytes: png });
    expect(finding).toMatchObject({ outcome: 'unreadable' });
    expect(['limit', 'malformed']).toContain(finding?.facts['reason']);
  });

  it('hear a sound where fpcalc is installed, and say so where it is not', async () => {
    const [finding] = await fingerprintsOf({ filename: 'a.wav', bytes: melody() });
    const isThere = spawnSync('fpcalc', ['-version']).error === undefined;
    expect(finding).toMatchObject(
      isThere
        ? { outcome: 'found', facts: { units: { audio: expect.stringMatching(/^ISCC:EID/) } } }
        : { outcome: 'unreadable', facts: { reason: 'tool-missing' } },
    );
  });

  it.skipIf(spawnSync('fpcalc', ['-version']).error !== undefined)(
    'say of a second of sound that there is nothing to compare (skipped without fpcalc)',
    async () => {
      const [finding] = await fingerprintsOf({ filename: 'a.wav', bytes: melody(1) });
      expect(finding).toMatchObject({ outcome: 'found', facts: { sounds: 0 } });
    },
  );
});

/** Tones, 16 bits, 8 kHz. */
function melody(seconds = 10): Buffer {
  const rate = 8000;
  const samples = Buffer.alloc(2 * seconds * rate);
  for (let at = 0; at < seconds * rate; at += 1) {
    const tone = 220 * 2 ** ((((at >> 12) * 5) % 12) / 12);
    samples.writeInt16LE(Math.round(9000 * Math.sin((at / rate) * 2 * Math.PI * tone)), 2 * at);
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
