import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { say } from '../../src/archive/say.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { ReleaseManifest } from '../../src/core/dataset/manifest.ts';
import { hasProgram } from '../support/has-program.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { noise } from '../support/release-members.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A Python with the packages of scripts/interop/readers/requirements.txt. */
const python = process.env['RINGFENCE_PYTHON'] ?? 'python3';
const imports = (names: string) =>
  hasProgram(python, `-cimport ${names}\nprint("imported")`, /imported/);
const hasReaders = imports('aiohttp, datasets, mlcroissant, pandas, PIL, pyarrow, webdataset');

// Each reader loads its libraries anew, some of which take ten seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const READERS = fileURLToPath(new URL('../../scripts/interop/readers/', import.meta.url));

const JPEGS = 30;
const PNGS = 12;
const TEXTS = 7;

describe.skipIf(!hasReaders)(
  'a release, read by Python (skipped without the packages of scripts/interop/readers/requirements.txt)',
  () => {
    const temporary = temporaryFolder();
    const folder = join(temporary.path, 'release');
    const program = promisify(execFile);
    let home: ReleaseHome;
    let base: string;
    let manifest: ReleaseManifest;

    beforeAll(async () => {
      home = await openReleaseHome(await works());
      await home.show('public');
      const release = home.release as Cid;
      manifest = await home.node.archive.releases.manifest(release);
      await home.node.archive.releases.export(release, folder);
      base = `${home.node.url}/ipfs/${release}/`;
    });
    afterAll(async () => {
      await home[Symbol.asyncDispose]();
      temporary[Symbol.dispose]();
    });

    /** Runs a program of Python without blocking the node that it reads from. */
    const run = (...args: string[]) => runIn(folder, ...args);

    async function runIn(cwd: string, ...args: string[]): Promise<string> {
      const env = {
        ...process.env,
        HF_HOME: join(temporary.path, 'hf'),
        // It knows what it has unpacked by the names of files, which revisions have in common.
        CROISSANT_CACHE: mkdtempSync(join(temporary.path, 'croissant-')),
      };
      const { stdout } = await program(python, args, { cwd, env, maxBuffer: 2 ** 24 });
      return stdout;
    }

    const read = async (reader: string, ...args: string[]) =>
      JSON.parse(await run(join(READERS, reader), ...args));

    /** What mlcroissant says of the description in a folder. */
    async function validated(of: string): Promise<string> {
      const validator = join(python, '..', 'mlcroissant');
      const asked = ['validate', '--jsonld', join(of, 'croissant.json')];
      return (await program(validator, asked)).stderr;
    }

    /** What the programs of the card in a folder print. */
    async function cardPrograms(of: string): Promise<readonly string[]> {
      const card = readFileSync(join(of, 'README.md'), 'utf8');
      const programs = [...card.matchAll(/```python\n(.*?)```/gs)].map(([, code]) => code ?? '');
      expect(programs).toHaveLength(4);
      const printed: string[] = [];
      for (const code of programs) printed.push(await runIn(of, '-c', code));
      return printed;
    }

    const keysOf = (config: string) => {
      const held = manifest.shards.filter((shard) => shard.config === config);
      return held.reduce((sum, { samples }) => sum + samples, 0);
    };

    it('has every asset in its shards, by the standard library', async () => {
      const { files, keys } = await read('read_tar.py', base);
      expect(files).toBe(2 * (JPEGS + PNGS + TEXTS));
      expect(keys).toEqual([...home.assets.values()].sort());
    });

    it.each([
      ['images-jpg', JPEGS, 'Image'],
      ['images-png', PNGS, 'Image'],
      ['text-txt', TEXTS, 'str'],
    ])('is read whole and decoded by webdataset: %s', async (config, rows, type) => {
      expect(keysOf(config)).toBe(rows);
      const told = await read('read_webdataset.py', base, config);
      expect(told).toMatchObject({ rows, types: [type], licences: ['CC0-1.0'] });
      expect(told.fields).toEqual(
        'asset deposit level license maker policy purpose requester sha256'.split(' '),
      );
    });

    it.each([
      ['images-jpg', 'jpg', JPEGS, 'Image'],
      ['images-png', 'png', PNGS, 'Image'],
      ['text-txt', 'txt', TEXTS, 'Value'],
    ])(
      'is streamed whole by Hugging Face datasets, with types: %s',
      async (config, extension, rows, type) => {
        const told = await read('read_datasets.py', base, config);
        expect(told).toMatchObject({ rows, empty: 0, columns: { [extension]: type } });
        expect(new Set(Object.values(told.fields))).toEqual(new Set(['string']));
      },
    );

    it('has a row and words for every asset, with types and without nulls', async () => {
      const told = await read('read_tables.py', base);
      const rows = JPEGS + PNGS + TEXTS;
      expect(told).toMatchObject({ rows, described: rows, nulls: 0, isAsset: true });
      expect(told.types).toMatchObject({ offset: 'int64', ordinal: 'int32', self_vetted: 'bool' });
    });

    it('is valid Croissant, and loads by it', async () => {
      expect(await validated(folder)).toContain('Done.');
      const samples = ['samples-images-jpg', 'samples-text-txt'];
      expect(await read('read_croissant.py', folder, ...samples)).toEqual({
        errors: [],
        rows: {
          assets: JPEGS + PNGS + TEXTS,
          'samples-images-jpg': JPEGS,
          'samples-text-txt': TEXTS,
        },
        types: { 'samples-images-jpg': ['JpegImageFile'], 'samples-text-txt': ['bytes'] },
      });
    });

    it('runs the programs of its own card as they stand', async () => {
      expect(await cardPrograms(folder)).not.toContain('');
    });

    it.skipIf(!imports('prov'))(
      'has works whose provenance prov reads, up to what they were made from and down to releases and models (skipped without prov)',
      async () => {
        const [parent, asset, child] = [0, 1, 2].map((at) => home.assets.get(`${at}.txt`) ?? '');
        await home.perform('derive', { child: asset, parent, relation: 'inspired-by' });
        await home.perform('derive', { child, parent: asset, relation: 'inspired-by' });
        const { archive } = home.node;
        const release = home.release as Cid;
        const asked = { purpose: 'ai_generative_training', requester: 'anyone' } as const;
        const shards = manifest.shards.map(({ cid }) => cid).sort();
        const pulled = { release, shards, revision: 0, puller: archive.ledger.self.did };
        const { id } = await say('receipt', { ...asked, ...pulled }, archive);
        await archive.catalog.catchUp();
        const weights = 'c'.repeat(64);
        const model = { model: 'poet', weights, generative: true, receipts: [id] };
        await home.perform('model.register', model);
        const report = join(temporary.path, 'provenance.json');
        const told = await home.perform('report.provenance', { asset, names: true });
        writeFileSync(report, JSON.stringify(told));
        expect(await read('read_provenance.py', report, asset ?? '')).toEqual({
          ...{ isSameAgain: true, unknown: [], types: ['rf:asset'] },
          ...{ madeFrom: [`asset:${parent}`], made: [`asset:${child}`] },
          ...{ releases: [`asset:${release}`], models: [`rf:model-${weights}`] },
        });
      },
    );

    it('is whole by sha256sum, and every shard by tar', () => {
      const sums = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(
        sums
          .trimEnd()
          .split('\n')
          .every((line) => line.endsWith(': OK')),
      ).toBe(true);
      for (const { name, samples } of manifest.shards) {
        const listed = execFileSync('tar', ['-tf', join(folder, name)], { encoding: 'utf8' });
        expect(listed.trimEnd().split('\n')).toHaveLength(2 * samples);
      }
    });

    it.skipIf(!imports('torch'))(
      'is read by two workers of a torch DataLoader (skipped without torch)',
      async () => {
        expect((await read('read_torch.py', base, 'images-jpg')).rows).toBe(JPEGS);
      },
    );

    describe('in a revision, with a picture and a text withdrawn', () => {
      const later = join(temporary.path, 'later');
      const [jpegs, texts] = [JPEGS - 1, TEXTS - 1];
      let live: string;

      beforeAll(async () => {
        const assets = [home.assets.get('3.jpg'), home.assets.get('5.txt')];
        const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward' };
        const deadline = '2036-01-01T00:00:00Z';
        await home.perform('stop', { words: { ...words, deadline }, subject: { assets } });
        live = `${home.node.url}/d/works/1.0.0/`;
        await vi.waitUntil(async () => (await fetch(`${live}SHA256SUMS`)).ok, { timeout: 60_000 });
        const sums = await (await fetch(`${live}SHA256SUMS`)).text();
        mkdirSync(later);
        const named = sums
          .trimEnd()
          .split('\n')
          .map((line) => line.split('  ')[1] ?? '');
        for (const name of [...named, 'SHA256SUMS']) {
          const bytes = await (await fetch(live + name)).arrayBuffer();
          writeFileSync(join(later, name), Buffer.from(bytes));
        }
      });

      it('is whole by sha256sum', () => {
        const sums = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: later });
        expect(sums.toString()).not.toContain('FAILED');
      });

      it('is streamed whole by Hugging Face datasets', async () => {
        expect(await read('read_datasets.py', live, 'images-jpg')).toMatchObject({
          ...{ rows: jpegs, empty: 0, columns: { jpg: 'Image' } },
        });
      });

      it('has a row and words for every asset that is left', async () => {
        const rows = jpegs + PNGS + texts;
        expect(await read('read_tables.py', live)).toMatchObject({
          ...{ rows, described: rows, nulls: 0, isAsset: true },
        });
      });

      it('is valid Croissant, and loads by it', async () => {
        expect(await validated(later)).toContain('Done.');
        expect(await read('read_croissant.py', later, 'samples-images-jpg')).toMatchObject({
          ...{ errors: [], rows: { assets: jpegs + PNGS + texts, 'samples-images-jpg': jpegs } },
        });
      });

      it('runs the programs of its own card as they stand', async () => {
        expect(await cardPrograms(later)).not.toContain('');
      });
    });
  },
);

/** Pictures of many sizes and some texts. */
async function works(): Promise<Record<string, Uint8Array>> {
  const made: Record<string, Uint8Array> = {};
  for (let index = 0; index < JPEGS + PNGS; index += 1) {
    const raw = { width: 16 + index, height: 24, channels: 3 } as const;
    const picture = sharp(noise(`picture ${index}`, raw.width * raw.height * 3), { raw });
    const isJpeg = index < JPEGS;
    made[`${index}.${isJpeg ? 'jpg' : 'png'}`] = await (isJpeg
      ? picture.jpeg()
      : picture.png()
    ).toBuffer();
  }
  for (let index = 0; index < TEXTS; index += 1) {
    made[`${index}.txt`] = Buffer.from(`Poem number ${index}, with an é.\n`);
  }
  return made;
}
