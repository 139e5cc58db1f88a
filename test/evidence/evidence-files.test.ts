import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/core/hash.ts';
import { CodeTable } from '../../src/core/likeness/code-table.ts';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { DEFAULT_LIMITS } from '../../src/evidence/limits.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testCredentialList } from './support/credential-files.ts';
import { expectedFacts } from './support/expected-facts.ts';
import { pick, storeAsPack } from './support/inspected.ts';
import {
  EVIDENCE_FILES,
  evidenceFileNames,
  evidenceSources,
  hasEvidenceFiles,
  readPublicFile,
} from './support/public-files.ts';

/** What SOURCES.tsv says of the generator traces. */
const GENERATORS: Readonly<Record<string, string>> = {
  'c2pa-ai-generator/Firefly_tabby_cat.jpg': 'adobe-firefly',
  'c2pa-ai-generator/amazon-titan-g1.png': 'amazon-titan',
  'c2pa-composite/ocsp.jpg': 'adobe-firefly',
  'c2pa-pdf/adobe-20240110-single_manifest_store.pdf': 'adobe-firefly',
  'generator-trace-small/automatic1111_cropped.jpg': 'automatic1111',
  'generator-trace-small/automatic1111_cropped.png': 'automatic1111',
  'generator-trace-small/img2img_cropped.png': 'comfyui',
  'generator-trace-small/fooocus1_cropped.png': 'fooocus',
  'generator-trace-small/invokeai_dream1.png': 'invokeai',
  'generator-trace-small/invokeai_sdmeta1.png': 'invokeai',
  'xmp-digital-source-type/dst-trained-algorithmic.jpg': 'ai-system',
  'xmp-digital-source-type/google-ai-credit.jpg': 'google-ai',
};

const TRAINED = ['trainedAlgorithmicMedia'];
const COMPOSITE = ['compositeWithTrainedAlgorithmicMedia'];

/** The files that state a source type, and the terms; all others of the folder state none. */
const SOURCE_TYPES: Readonly<Record<string, readonly string[]>> = {
  'c2pa-ai-generator/Firefly_tabby_cat.jpg': TRAINED,
  'c2pa-ai-generator/amazon-titan-g1.png': TRAINED,
  'c2pa-composite/ocsp.jpg': [...COMPOSITE, ...TRAINED],
  'c2pa-pdf/adobe-20240110-single_manifest_store.pdf': TRAINED,
  'c2pa-signed-by-format/sample1.avif': TRAINED,
  'c2pa-signed-by-format/sample1.png': TRAINED,
  'c2pa-signed-by-format/sample1.svg': TRAINED,
  'c2pa-signed-by-format/sample1.wav': TRAINED,
  'c2pa-signed-by-format/sample1.webp': TRAINED,
  'c2pa-signed-by-format/test.tiff': TRAINED,
  'c2pa-tampered-by-format/tampered-no_manifest.jpg': TRAINED,
  'c2pa-tampered-by-format/tampered-sample1.png': TRAINED,
  'c2pa-tampered-by-format/tampered-sample1.webp': TRAINED,
  'c2pa-training-mining/C_with_CAWG_data.jpg': ['digitalCapture'],
  'xmp-digital-source-type/dst-composite-trained.png': COMPOSITE,
  'xmp-digital-source-type/dst-trained-algorithmic.jpg': TRAINED,
  'xmp-digital-source-type/dst-trained.tif': TRAINED,
  'xmp-digital-source-type/google-ai-credit.jpg': TRAINED,
  'xmp-digital-source-type/sidecar.xmp': TRAINED,
};

/** Broken on purpose: a box longer than what it lies in, and a hash of no known algorithm. */
const UNREADABLE: Readonly<Record<string, readonly string[]>> = {
  'malformed-container/sample3.svg': ['traces', 'source-type', 'credentials', 'reservations'],
  'malformed-container/no_alg.jpg': ['credentials'],
};

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

describe.skipIf(!hasEvidenceFiles)(
  'the evidence files (skipped without the folder RINGFENCE_EVIDENCE)',
  () => {
    const names = hasEvidenceFiles ? evidenceFileNames() : [];
    const findingsOf = new Map<string, readonly Finding[]>();

    beforeAll(async () => {
      using folder = temporaryFolder();
      const trust = testCredentialList();
      // What is asked is what they see, not how soon on a machine with other work to do.
      const limits = { ...DEFAULT_LIMITS, timeMs: 120_000 };
      await using inspectors = openInspectors({ workers: 2, limits, trust: () => trust });
      const files = names.map((name) => readPublicFile(EVIDENCE_FILES, name));
      const all = await inspectors.inspect(storeAsPack(folder.path, files));
      for (const [at, name] of names.entries()) findingsOf.set(name, all[at] ?? []);
    });

    afterAll(() => findingsOf.clear());

    it('are all answered, and none but the broken ones are unreadable', () => {
      expect(names.length).toBeGreaterThan(60);
      for (const [name, findings] of findingsOf) {
        // What cannot be decoded, or not without a program, still has codes of its bytes.
        const unread = findings.filter(
          ({ outcome, facts }) => outcome === 'unreadable' && !('units' in facts),
        );
        expect({ name, unread: unread.map(({ inspector }) => inspector) }).toEqual({
          name,
          unread: UNREADABLE[name] ?? [],
        });
      }
    });

    it('show every fact that SOURCES.tsv expects', () => {
      for (const { file, expected } of evidenceSources()) {
        const facts = expectedFacts(expected);
        expect(facts, `${file}: "${expected}"`).toBeDefined();
        for (const { inspector, fact, should } of facts ?? []) {
          const says = pick(findingsOf.get(file) ?? [], inspector).facts[fact];
          expect({ file, expected, fact, says }).toEqual({ file, expected, fact, says: should });
        }
      }
    });

    it('have the PDQ hash that is published, and its versions one within a few bits', () => {
      const pdq = (name: string) => {
        const { facts } = pick(findingsOf.get(`fingerprint-${name}.jpg`) ?? [], 'fingerprints');
        return fromHex(String(facts['pdq'])) ?? new Uint8Array();
      };
      const published = /PDQ of aaa-orig is ([0-9a-f]{64})/;
      const [words] = evidenceSources().flatMap(({ expected }) => published.exec(expected) ?? []);
      expect(words).toContain(toHex(pdq('variants/aaa-orig')));
      const table = new CodeTable();
      table.add(pdq('variants/aaa-orig'));
      const distances = (names: readonly string[]) =>
        names.map((name) => table.distance(0, pdq(name)));
      expect(distances(['variants/shrink-a-little', 'variants/blur-a-lot'])).toEqual([2, 4]);
      const [first, second] = distances(['unrelated/q0003', 'unrelated/q2821']);
      expect(Math.min(first ?? 0, second ?? 0)).toBeGreaterThan(100);
    });

    it('show the generators that are known, and no other', () => {
      for (const [name, findings] of findingsOf) {
        const { generator = null } = pick(findings, 'traces').facts;
        expect({ name, generator }).toEqual({ name, generator: GENERATORS[name] ?? null });
      }
    });

    it('show the source types that are known, and no other', () => {
      for (const [name, findings] of findingsOf) {
        const { digitalSourceTypes = [], unknown = 0 } = pick(findings, 'source-type').facts;
        const expected = (SOURCE_TYPES[name] ?? []).map((term) => IPTC + term);
        expect({ name, digitalSourceTypes, unknown }).toEqual({
          name,
          digitalSourceTypes: expected,
          unknown: 0,
        });
      }
    });

    it('say where the source type stands', () => {
      const carrierOf = (name: string) =>
        pick(findingsOf.get(name) ?? [], 'source-type').facts['carriers'];
      for (const name of Object.keys(SOURCE_TYPES)) {
        expect({ name, carriers: carrierOf(name) }).toEqual({
          name,
          carriers: [name.startsWith('xmp-') ? 'xmp' : 'c2pa-unvalidated'],
        });
      }
    });
  },
);
