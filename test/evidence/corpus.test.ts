import { beforeAll, describe, expect, it } from 'vitest';
import { parseSourceType } from '../../src/core/policy/source-types.ts';
import type { Finding } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pick, storeAsPack } from './support/inspected.ts';
import {
  type CatalogRow,
  CORPUS,
  catalogRows,
  hasCorpus,
  readPublicFile,
} from './support/public-files.ts';

interface Inspected {
  readonly row: CatalogRow;
  readonly findings: readonly Finding[];
}

describe.skipIf(!hasCorpus)('the corpus (skipped without the folder RINGFENCE_CORPUS)', () => {
  let human: Inspected[] = [];
  let synthetic: Inspected[] = [];

  beforeAll(async () => {
    using folder = temporaryFolder();
    await using inspectors = openInspectors({ workers: 2 });
    const inspectAll = async (catalogue: string): Promise<Inspected[]> => {
      const rows = catalogRows(catalogue);
      const files = rows.map(({ path }) => readPublicFile(CORPUS, path));
      const all = await inspectors.inspect(storeAsPack(folder.path, files));
      return rows.map((row, at) => ({ row, findings: all[at] ?? [] }));
    };
    human = await inspectAll('catalog.csv');
    synthetic = await inspectAll('synthetic/catalog.csv');
  }, 300_000);

  it('is read whole: 271 works and 35 synthetic samples, nothing unreadable', () => {
    expect([human.length, synthetic.length]).toEqual([271, 35]);
    const unread = [...human, ...synthetic].flatMap(({ row, findings }) =>
      findings
        .filter(({ outcome, facts }) => outcome === 'unreadable' && !isToolMissing(facts))
        .map(({ inspector, facts }) => [row.path, inspector, facts['reason']]),
    );
    expect(unread).toEqual([]);
  });

  it('has the media types and digests that its catalogues say', () => {
    for (const { row, findings } of [...human, ...synthetic]) {
      const { mediaType } = pick(findings, 'format').facts;
      const { sha256 } = pick(findings, 'digests').facts;
      expect({ path: row.path, mediaType, sha256 }).toEqual({
        path: row.path,
        mediaType: row.media_type,
        sha256: row.sha256,
      });
    }
  });

  it('accuses no human work: no generator, no source type of generated or mixed media', () => {
    expect(human.filter(({ row }) => row.synthetic === 'no')).toHaveLength(271);
    for (const { row, findings } of human) {
      const { generator = null, proves = null } = pick(findings, 'traces').facts;
      expect({ path: row.path, generator, proves }).toEqual({
        path: row.path,
        generator: null,
        proves: null,
      });
      expect({ path: row.path, types: originsOf(findings) }).toEqual({ path: row.path, types: [] });
    }
  });

  it('shows ComfyUI in its 15 pictures, by name and place', () => {
    const pictures = synthetic.filter(({ row }) => row.path.startsWith('synthetic/comfyui/'));
    expect(pictures).toHaveLength(15);
    for (const { row, findings } of pictures) {
      const { outcome, facts, raw } = pick(findings, 'traces');
      const where = row.path.endsWith('.webp')
        ? ['exif:Make', 'exif:Model']
        : ['png:tEXt:prompt', 'png:tEXt:workflow'];
      expect({ path: row.path, outcome, facts }).toEqual({
        path: row.path,
        outcome: 'found',
        facts: { generator: 'comfyui', proves: 'generated', where },
      });
      expect(raw.map((text) => text.where).sort()).toEqual(where);
    }
  });

  it('shows both source types of the signed Firefly picture, and names Firefly for a part of it', () => {
    const picture = synthetic.find(({ row }) => row.path === 'synthetic/c2pa/ocsp.jpg');
    expect(pick(picture?.findings ?? [], 'traces').facts).toMatchObject({
      generator: 'adobe-firefly',
      proves: null,
    });
    expect(pick(picture?.findings ?? [], 'source-type').facts).toEqual({
      digitalSourceTypes: [
        'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
        'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      ],
      carriers: ['c2pa-unvalidated'],
      unknown: 0,
      complete: true,
    });
  });

  it('has nothing to show in the five recordings and fourteen texts', () => {
    const rest = synthetic.filter(({ row }) => /^synthetic\/(?:tts|gpt3)\//.test(row.path));
    expect(rest).toHaveLength(19);
    for (const { findings } of rest) {
      expect(pick(findings, 'traces').outcome).toMatch(/^(?:none|not-applicable)$/);
      expect(originsOf(findings)).toEqual([]);
    }
  });
});

/** Classes of origin that speak of generated media, as the file states them. */
function originsOf(findings: readonly Finding[]): unknown[] {
  const { digitalSourceTypes = [] } = pick(findings, 'source-type').facts;
  const types = Array.isArray(digitalSourceTypes) ? digitalSourceTypes : [digitalSourceTypes];
  return types
    .map((uri) => parseSourceType(String(uri))?.class)
    .filter((origin) => origin === 'SYNTHETIC' || origin === 'MIXED');
}

/** A machine without the program that hears sounds has read everything else. */
function isToolMissing(facts: Finding['facts']): boolean {
  return facts['reason'] === 'tool-missing';
}
