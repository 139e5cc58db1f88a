import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeSidecar } from '../../src/release/sidecar.ts';
import { createMemoryContent } from '../support/memory-content.ts';
import { maker, releaseMember, releaseRequest } from '../support/release-members.ts';

const asset = createMemoryContent().putFile(Buffer.from('asset'));
const KEYS = [
  'asset',
  'sha256',
  'license',
  'creator',
  'title',
  'source',
  'level',
  'purpose',
  'policy',
];

function sidecarOf(told: Parameters<typeof releaseMember>[2]) {
  const bytes = encodeSidecar(releaseMember(asset, Buffer.from('asset'), told), releaseRequest);
  const fields: Record<string, string> = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytes),
  );
  return { bytes, fields };
}

it('says whose work it is and under which licence', () => {
  expect(sidecarOf({ makers: ['Ada', 'Ben'].map(maker) }).fields).toMatchObject({
    asset: asset.cid,
    license: 'CC0-1.0',
    creator: 'Ada; Ben',
    title: 'Harbour at dawn',
    source: 'npm:openmoji@17.0.0',
    level: 'H2',
    purpose: 'ai_generative_training',
    policy: 'corroborated',
  });
});

it('never takes more than one tar block, and always has the same keys with text in them', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.string({
      unit: fc.constantFrom('\n', '"', '\u0000', '\ud800', '🎨', 'é', '中'),
      maxLength: 300,
    }),
  );
  const told = fc.record({
    title: text,
    makers: fc.array(text.map(maker), { maxLength: 5 }),
    source: text,
    licence: fc.string({ unit: 'grapheme-ascii', maxLength: 256 }),
  });
  fc.assert(
    fc.property(told, (drawn) => {
      const { bytes, fields } = sidecarOf(drawn);
      expect(bytes.length).toBeLessThanOrEqual(512);
      expect(Object.keys(fields)).toEqual(KEYS);
      expect(Object.values(fields).every((value) => typeof value === 'string')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('cuts long texts between characters, marks the cut, and lets short ones whole', () => {
  const { bytes, fields } = sidecarOf({ title: '🎨'.repeat(300), makers: [maker('Ada Maker')] });
  expect(fields['title']).toMatch(/^(🎨)+…$/u);
  expect(fields['creator']).toBe('Ada Maker');
  expect(fields['source']).toBe('npm:openmoji@17.0.0');
  expect(bytes.length).toBeGreaterThan(500);
});

it('shares the room between texts that are all too long', () => {
  const long = 'x'.repeat(400);
  const { fields } = sidecarOf({ title: long, makers: [maker(long)], source: long });
  const lengths = ['title', 'creator', 'source'].map((key) => fields[key]?.length);
  expect(new Set(lengths).size).toBe(1);
  expect(lengths[0]).toBeGreaterThan(40);
});
