import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pick, storeAsPack } from './support/inspected.ts';
import {
  EVIDENCE_FILES,
  evidenceFileNames,
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
      await using inspectors = openInspectors({ workers: 2 });
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
