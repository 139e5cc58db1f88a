import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeSidecar } from '../../../src/release/shards/sidecar.ts';
import { createMemoryContent } from '../../support/memory-content.ts';
import { maker, releaseMember, releaseRequest } from '../../support/release-members.ts';

const asset = createMemoryContent().putFile(Buffer.from('asset'));
const KEYS = [
  'asset',
  'sha256',
  'license',
  'maker',
  'deposit',
  'level',
  'purpose',
  'requester',
  'policy',
];

function sidecarOf(told: Parameters<typeof releaseMember>[2]) {
  const bytes = encodeSidecar(releaseMember(asset, Buffer.from('asset'), told), releaseRequest);
  const fields: Record<string, string> = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytes),
  );
  return { bytes, fields };
}

it('says under which licence an asset is, by which makers, and for whom it was cut, and names nobody', () => {
  const makers = ['Ada', 'Ben'].map(maker);
  const { bytes, fields } = sidecarOf({ makers, title: 'Ada at dawn' });
  expect(fields).toMatchObject({
    asset: asset.cid,
    license: 'CC0-1.0',
    maker: makers.map(({ id }) => id.slice(0, 32)).join(' '),
    deposit: `${releaseRequest.state}/0`,
    level: 'H2',
    purpose: 'ai_generative_training',
    requester: 'anyone',
    policy: 'corroborated',
  });
  expect(Buffer.from(bytes).includes('Ada')).toBe(false);
});

it('never takes more than one tar block, and always has the same keys with text in them', () => {
  const told = fc.record({
    makers: fc.array(fc.string().map(maker), { maxLength: 256 }),
    licence: fc.string({ unit: 'binary', maxLength: 256 }),
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

it('marks where makers are cut, and lets the licence whole', () => {
  const makers = Array.from({ length: 30 }, (_, index) => maker(`maker ${index}`));
  const { bytes, fields } = sidecarOf({ makers, licence: 'CC-BY-SA-3.0-IGO' });
  expect(fields['maker']).toMatch(/^[0-9a-f]{32} [0-9a-f ]+…$/u);
  expect(fields['license']).toBe('CC-BY-SA-3.0-IGO');
  expect(bytes.length).toBeGreaterThan(500);
});

it('cuts between characters, and shares the room between texts that are both too long', () => {
  const makers = Array.from({ length: 30 }, (_, index) => maker(`maker ${index}`));
  const { fields } = sidecarOf({ makers, licence: '🎨'.repeat(128) });
  expect(fields['license']).toMatch(/^(🎨)+…$/u);
  expect(fields['maker']?.length).toBeGreaterThan(40);
});
