import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { blake3 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/dataset/canonical-json.ts';
import { audioCode } from '../../../src/evidence/iscc/audio-code.ts';
import { DataHasher } from '../../../src/evidence/iscc/data-code.ts';
import { imageCode } from '../../../src/evidence/iscc/image-code.ts';
import { isccCode, isccUnit } from '../../../src/evidence/iscc/iscc-code.ts';
import { metaCode } from '../../../src/evidence/iscc/meta-code.ts';
import { textCode } from '../../../src/evidence/iscc/text-code.ts';

const path = resolve(process.env['RINGFENCE_VECTORS'] ?? '../shared/vectors', 'iscc/data.json');
const isThere = existsSync(path);

interface Vector {
  // biome-ignore lint/suspicious/noExplicitAny: each unit has inputs of its own.
  readonly inputs: readonly any[];
  readonly outputs: { readonly iscc: string; readonly characters?: number };
}

/** Every vector of a unit. */
function vectors(unit: string): [string, Vector][] {
  if (!isThere) return [];
  const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, Vector>>;
  return Object.entries(all[`gen_${unit}_code_v0`] ?? {});
}

function streamOf(text: string): Uint8Array {
  return Buffer.from(text.replace('stream:', ''), 'hex');
}

function digestIn(unit: string): Uint8Array {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...unit].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2)).subarray(2);
}

describe.skipIf(!isThere)('public ISCC vectors (skipped without RINGFENCE_VECTORS)', () => {
  it.each(vectors('meta'))('gives the Meta-Code of %s', async (_, { inputs, outputs }) => {
    const [name, description, meta, bits] = inputs;
    const more =
      meta === null
        ? description
        : typeof meta === 'string'
          ? Buffer.from(meta.slice(meta.indexOf(',') + 1), 'base64')
          : new TextEncoder().encode(canonicalJson(meta));
    const digest = await metaCode(name, more);
    expect(isccUnit('meta', digest ?? new Uint8Array(), bits)).toBe(outputs.iscc);
  });

  it.each(vectors('text'))('gives the Text-Code of %s', (_, { inputs, outputs }) => {
    const { digest, characters } = textCode(inputs[0]);
    expect(isccUnit('text', digest, inputs[1])).toBe(outputs.iscc);
    expect(characters).toBe(outputs.characters);
  });

  it.each(vectors('image'))('gives the Image-Code of %s', (_, { inputs, outputs }) => {
    const grey = Uint8Array.from(inputs[0]);
    expect(isccUnit('image', imageCode(grey), inputs[1])).toBe(outputs.iscc);
  });

  it.each(vectors('audio'))('gives the Audio-Code of %s', (_, { inputs, outputs }) => {
    expect(isccUnit('audio', audioCode(inputs[0]), inputs[1])).toBe(outputs.iscc);
  });

  it.each(vectors('data'))('gives the Data-Code of %s', (_, { inputs, outputs }) => {
    const hasher = new DataHasher();
    const bytes = streamOf(inputs[0]);
    expect(hasher.update(bytes, true)).toBe(bytes.length);
    expect(isccUnit('data', hasher.digest(), inputs[1])).toBe(outputs.iscc);
  });

  it.each(vectors('instance'))('gives the Instance-Code of %s', async (_, { inputs, outputs }) => {
    const digest = Buffer.from(await blake3(streamOf(inputs[0])), 'hex');
    expect(isccUnit('instance', digest, inputs[1])).toBe(outputs.iscc);
  });

  it.each(vectors('iscc'))('gives the composite of %s', (_, { inputs, outputs }) => {
    const kinds = { AA: 'meta', EA: 'text', GA: 'data', IA: 'instance' } as const;
    const digests = (inputs[0] as string[]).map((unit) => [
      kinds[unit.slice(0, 2) as keyof typeof kinds],
      digestIn(unit),
    ]);
    expect(isccCode(Object.fromEntries(digests))).toBe(outputs.iscc);
  });
});
