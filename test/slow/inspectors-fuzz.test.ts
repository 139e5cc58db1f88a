import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { IDENTITIES } from '../../src/evidence/inspector-identities.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { testCredentialList } from '../evidence/support/credential-files.ts';
import { type NamedBytes, pick, storeAsPack } from '../evidence/support/inspected.ts';
import { mutants } from '../evidence/support/mutants.ts';
import {
  CORPUS,
  catalogRows,
  EVIDENCE_FILES,
  evidenceFileNames,
  hasCorpus,
  hasEvidenceFiles,
  readPublicFile,
} from '../evidence/support/public-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CASES = Number(process.env['RINGFENCE_FUZZ'] ?? 20_000);
const SEED = Number(process.env['RINGFENCE_SEED'] ?? Date.now() % 100_000);
const BATCH = 200;
/** Decoding pixels and asking ExifTool cost more than everything else: a share of the cases is enough. */
const COMPARED = 5;
const MOST_BYTES = 120_000;
const NAMES = IDENTITIES.map(({ name }) => name);
const CHEAP = NAMES.filter((name) => name !== 'fingerprints' && name !== 'deep-metadata');
const REASONS = ['malformed', 'limit', 'time', 'tool-missing', 'memory'];

/** Every small evidence file, and of the corpus the smallest work of each media type. */
function seeds(): NamedBytes[] {
  const evidence = evidenceFileNames().map((name) => readPublicFile(EVIDENCE_FILES, name));
  const corpus = new Map<string, NamedBytes>();
  for (const { path, media_type } of hasCorpus ? catalogRows('catalog.csv') : []) {
    const file = readPublicFile(CORPUS, path);
    const known = corpus.get(media_type);
    if (known === undefined || file.bytes.length < known.bytes.length) corpus.set(media_type, file);
  }
  return [...evidence, ...corpus.values()].filter(
    ({ bytes }) => bytes.length > 0 && bytes.length < MOST_BYTES,
  );
}

/** Sockets of this process, its threads' included, but for pipes to programs, which Linux lists as its own. */
function sockets(): number {
  const own = readFileSync('/proc/self/net/unix', 'utf8');
  const pipes = new Set(own.split('\n').map((line) => line.trim().split(/\s+/)[6]));
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      const [, inode] = /^socket:\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${fd}`)) ?? [];
      return inode !== undefined && !pipes.has(inode);
    } catch {
      return false;
    }
  }).length;
}

describe.skipIf(!hasEvidenceFiles || process.platform !== 'linux')(
  `${CASES} mutants of public files (RINGFENCE_SEED=${SEED}; skipped without RINGFENCE_EVIDENCE and off Linux)`,
  () => {
    const inspectors = openInspectors({ workers: 2, trust: testCredentialList });
    afterAll(() => inspectors[Symbol.asyncDispose]());

    it('get an answer of every inspector, and open no connection', async () => {
      const files = seeds();
      expect(files.length).toBeGreaterThan(40);
      const before = sockets();
      // Of four mutants one is cut short, and one has a single flipped bit.
      const each = Math.max(4, Math.ceil(BATCH / files.length));
      let answered = 0;
      for (let round = 0; answered < CASES; round += 1) {
        using folder = temporaryFolder();
        const changed = files.flatMap((file, at) => mutants(file, each, SEED + round * 1_000 + at));
        const names = round % COMPARED === 0 ? NAMES : CHEAP;
        const all = await inspectors.inspect(storeAsPack(folder.path, changed), {
          inspectors: names,
        });
        expect(all.length).toBe(changed.length);
        for (const findings of all) {
          expect(findings.map(({ inspector }) => inspector).sort()).toEqual(names.toSorted());
          for (const { outcome, facts } of findings) {
            if (outcome === 'unreadable') expect(REASONS).toContain(facts['reason']);
          }
        }
        answered += changed.length;
        expect(sockets()).toBeLessThanOrEqual(before);
      }
      expect(answered).toBeGreaterThan(0);
      using folder = temporaryFolder();
      const sound = { filename: 'after.txt', bytes: Buffer.from('Whole, after all that.') };
      const [findings] = await inspectors.inspect(storeAsPack(folder.path, [sound]));
      expect(pick(findings ?? [], 'digests').outcome).toBe('found');
    });
  },
);
