import { afterAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testCredentialList } from './support/credential-files.ts';
import { type NamedBytes, pick, storeAsPack } from './support/inspected.ts';
import { box, packed, superbox } from './support/jumbf-bytes.ts';
import { mutants } from './support/mutants.ts';
import { png, pngChunk } from './support/png-bytes.ts';
import { EVIDENCE_FILES, hasEvidenceFiles, readPublicFile } from './support/public-files.ts';

const folder = temporaryFolder();
const trust = hasEvidenceFiles ? testCredentialList() : undefined;
const inspectors = openInspectors({ workers: 1, trust: () => trust });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function credentialsOf(assets: readonly NamedBytes[]): Promise<readonly Finding[]> {
  const requests = storeAsPack(folder.path, assets);
  const all = await inspectors.inspect(requests, { inspectors: ['credentials'] });
  return all.map((findings) => pick(findings, 'credentials'));
}

const manifest = (...content: readonly Uint8Array[]) => superbox('c2ma', 'urn:c2pa:a', ...content);
const inPng = (...content: readonly Uint8Array[]) =>
  png(pngChunk('caBX', superbox('c2pa', 'c2pa', ...content)));
const asClaim = (cbor: Uint8Array) =>
  inPng(
    manifest(
      superbox('c2as', 'c2pa.assertions'),
      superbox('c2cl', 'c2pa.claim', box('cbor', cbor)),
    ),
  );

function nested(depth: number): Uint8Array {
  let inner: Uint8Array = Buffer.from('x');
  for (let level = 0; level < depth; level += 1) inner = superbox('c2ma', 'a', inner);
  return inner;
}

describe('a manifest store made to do harm', () => {
  it.each([
    ['20,000 superboxes in each other', () => inPng(nested(20_000))],
    ['50,000 manifests', () => inPng(...Array.from({ length: 50_000 }, () => manifest()))],
    ['200,000 lists in each other', () => asClaim(Buffer.alloc(200_000, 0x81))],
    ['a list of 2⁶⁴ items', () => asClaim(Buffer.from('9bffffffffffffffff', 'hex'))],
    [
      'a packed manifest of 100 MiB',
      () =>
        inPng(
          superbox('c2cm', 'urn:c2pa:a', packed(manifest(box('cbor', Buffer.alloc(104_857_600))))),
        ),
    ],
    ['nothing in it', () => inPng()],
  ])('is unreadable: %s', async (_what, bytes) => {
    const [finding] = await credentialsOf([{ filename: 'a.png', bytes: bytes() }]);
    expect(finding).toMatchObject({
      outcome: 'unreadable',
      facts: { reason: 'malformed', credential: 'unreadable' },
    });
  });
});

describe.skipIf(!hasEvidenceFiles)('signed files (skipped without RINGFENCE_EVIDENCE)', () => {
  it('whose ingredient is the file itself are unreadable', async () => {
    const { filename, bytes } = readPublicFile(
      EVIDENCE_FILES,
      'c2pa-valid-jpeg/adobe-20220124-CACA.jpg',
    );
    const link = 'self#jumbf=/c2pa/contentauth:urn:uuid:';
    const cyclic = Buffer.from(bytes);
    const at = cyclic.indexOf(`${link}04cdf4ec-f713-4e47-a8d6-7af56501ce4b`);
    cyclic.write('cce91617-35dd-44e9-8ea8-f85380524443', at + link.length, 'latin1');
    const [finding] = await credentialsOf([{ filename, bytes: cyclic }]);
    expect(finding).toMatchObject({
      outcome: 'unreadable',
      raw: [{ text: expect.stringContaining('CyclicIngredients') }],
    });
  });

  it('are tampered if one bit of the picture is another', async () => {
    const { filename, bytes } = readPublicFile(
      EVIDENCE_FILES,
      'c2pa-signed-by-format/sample1.webp',
    );
    const flipped = Array.from({ length: 60 }, (_, number) => {
      const copy = Uint8Array.from(bytes);
      const at = 100 + number * 700;
      copy[at] = (copy[at] ?? 0) ^ (1 << (number % 8));
      return { filename, bytes: copy };
    });
    for (const { facts } of await credentialsOf(flipped))
      expect(facts['credential']).toBe('tampered');
  });

  it('answer within the limits when bits are flipped anywhere, and cut short are never trusted', async () => {
    const names = [
      'c2pa-signed-by-format/sample1.svg',
      'c2pa-training-mining/C_with_CAWG_data.jpg',
    ];
    const assets = names.flatMap((name, at) =>
      mutants(readPublicFile(EVIDENCE_FILES, name), 60, 300 + at),
    );
    for (const [at, { facts }] of (await credentialsOf(assets)).entries()) {
      expect([undefined, 'malformed']).toContain(facts['reason']);
      if (at % 4 === 0) expect(['valid', 'trusted']).not.toContain(facts['credential']);
    }
  });
});
