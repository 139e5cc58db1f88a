import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { boundedModule } from '../../src/evidence/credentials/bounded-module.ts';
import { type ByteSource, Unreadable } from '../../src/evidence/inspector.ts';
import { credentials } from '../../src/evidence/inspectors/credentials.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { STATES, testCredentialList } from './support/credential-files.ts';
import { cidOf, type NamedBytes, pick, storeAsPack } from './support/inspected.ts';
import {
  EVIDENCE_FILES,
  evidenceFileNames,
  hasEvidenceFiles,
  readPublicFile,
} from './support/public-files.ts';

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const REFUSED = { 'cawg.ai_generative_training': 'notAllowed', 'cawg.ai_inference': 'notAllowed' };

describe.skipIf(!hasEvidenceFiles)(
  'the credentials of the evidence files (skipped without the folder RINGFENCE_EVIDENCE)',
  () => {
    const names = hasEvidenceFiles ? evidenceFileNames() : [];
    const files = names.map((name) => readPublicFile(EVIDENCE_FILES, name));
    const without = new Map<string, Finding>();
    const withRoots = new Map<string, Finding>();

    beforeAll(async () => {
      using folder = temporaryFolder();
      let trust: ReturnType<typeof testCredentialList> | undefined;
      await using inspectors = openInspectors({ workers: 1, trust: () => trust });
      for (const found of [without, withRoots]) {
        const requests = storeAsPack(folder.path, files);
        const all = await inspectors.inspect(requests, { inspectors: ['credentials'] });
        for (const [at, name] of names.entries())
          found.set(name, pick(all[at] ?? [], 'credentials'));
        // The list comes into force while the threads run.
        trust = testCredentialList();
      }
    });

    afterAll(() => {
      without.clear();
      withRoots.clear();
    });

    it('are what SOURCES.tsv says, without a trust list and with the test roots', () => {
      for (const name of names) {
        const states = [without, withRoots].map((found) => found.get(name)?.facts['credential']);
        expect({ name, states }).toEqual({ name, states: STATES[name] ?? ['none', 'none'] });
      }
    });

    it('name the list that they were decided with', () => {
      const name = 'c2pa-signed-by-format/sample1.png';
      expect(without.get(name)?.facts['trustList']).toBeNull();
      expect(withRoots.get(name)?.facts['trustList']).toBe(testCredentialList().cid);
    });

    it('say what may be mined, in both vocabularies', () => {
      const said = (name: string) => without.get(name)?.facts['trainingMining'];
      expect(said('c2pa-training-mining/C_with_CAWG_data.jpg')).toEqual(REFUSED);
      expect(said('c2pa-signed-by-format/sample1.wav')).toMatchObject({
        'cawg.ai_generative_training': 'notAllowed',
      });
      expect(said('c2pa-none-jpeg/adobe-20220124-A.jpg')).toEqual({});
    });

    it('give the source types of the whole tree', () => {
      const { digitalSourceTypes } = without.get('c2pa-composite/ocsp.jpg')?.facts ?? {};
      expect(digitalSourceTypes).toEqual([
        `${IPTC}compositeWithTrainedAlgorithmicMedia`,
        `${IPTC}trainedAlgorithmicMedia`,
      ]);
    });

    it('keep the address of a credential elsewhere', () => {
      expect(without.get('c2pa-remote-only/cloud.jpg')?.raw).toMatchObject([
        {
          where: 'xmp:provenance',
          text: expect.stringContaining('https://cai-manifests.adobe.com'),
        },
      ]);
    });

    it('say that an ingredient fails where the file itself does not', () => {
      expect(withRoots.get('c2pa-video/video1.mp4')?.facts).toMatchObject({
        codes: [],
        ingredients: { count: 1, failures: ['signingCredential.untrusted'] },
      });
    });

    it('are validated without a single call to the network', async () => {
      const asked: unknown[] = [];
      const fetchBefore = globalThis.fetch;
      globalThis.fetch = async (input) => {
        asked.push(input);
        throw new Error('no network');
      };
      const context = { trust: testCredentialList() };
      const refused: unknown[] = [];
      try {
        for (const file of files) {
          try {
            await credentials.inspect(inMemory(file), context);
          } catch (error) {
            refused.push(error);
          }
        }
      } finally {
        globalThis.fetch = fetchBefore;
      }
      expect(refused.filter((error) => !(error instanceof Unreadable))).toEqual([]);
      expect(files.length - refused.length).toBeGreaterThan(60);
      expect(asked).toEqual([]);
    });
  },
);

describe('the memory of a validator', () => {
  /** A module with one memory of one page, which it exports. */
  const MODULE = Uint8Array.from([
    0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 7, 1, 3, 109, 101, 109, 2, 0,
  ]);

  it('grows to the bound and no further', () => {
    // The types of Node do not know WebAssembly.
    const { Module, Instance } = Reflect.get(globalThis, 'WebAssembly');
    const { mem } = new Instance(new Module(boundedModule(MODULE, 200 * 65_536))).exports;
    expect(mem.grow(199)).toBe(1);
    expect(() => mem.grow(1)).toThrow(RangeError);
  });
});

function inMemory({ filename, bytes }: NamedBytes): ByteSource {
  return {
    cid: cidOf(bytes),
    size: bytes.length,
    filename,
    head: bytes.subarray(0, 65_536),
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto(offset, target) {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  };
}
