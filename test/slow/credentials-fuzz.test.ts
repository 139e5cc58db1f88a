import { afterAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { testCredentialList } from '../evidence/support/credential-files.ts';
import { pick, storeAsPack } from '../evidence/support/inspected.ts';
import { mutants } from '../evidence/support/mutants.ts';
import {
  EVIDENCE_FILES,
  hasEvidenceFiles,
  readPublicFile,
} from '../evidence/support/public-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILES = [
  'c2pa-signed-by-format/sample1.webp',
  'c2pa-signed-by-format/sample1.svg',
  'c2pa-signed-by-format/sample1.avif',
  'c2pa-training-mining/C_with_CAWG_data.jpg',
  'c2pa-tampered-by-format/tampered-no_manifest.jpg',
  'c2pa-video/dashinit.mp4',
  'c2pa-sidecar/cloud_manifest.c2pa',
  'malformed-container/no_alg.jpg',
];
const ROUNDS = 6;
const MUTANTS = 100;

describe.skipIf(!hasEvidenceFiles)(
  'mutants of signed files (skipped without RINGFENCE_EVIDENCE)',
  () => {
    const inspectors = openInspectors({ workers: 2, trust: testCredentialList });
    afterAll(() => inspectors[Symbol.asyncDispose]());

    it.each(FILES)('are all answered, and changed files stay changed: %s', async (name) => {
      const file = readPublicFile(EVIDENCE_FILES, name);
      for (let round = 0; round < ROUNDS; round += 1) {
        using folder = temporaryFolder();
        const requests = storeAsPack(folder.path, mutants(file, MUTANTS, 7_000 + round));
        const all = await inspectors.inspect(requests, { inspectors: ['credentials'] });
        for (const [at, findings] of all.entries()) {
          const { credential, reason } = pick(findings, 'credentials').facts;
          expect([undefined, 'malformed', 'limit']).toContain(reason);
          const isCut = at % 4 === 0;
          if (isCut || name.includes('tampered'))
            expect(['valid', 'trusted']).not.toContain(credential);
        }
      }
    });
  },
);
