import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { CodeTable } from '../../src/core/likeness/code-table.ts';
import { LIKENESS_LIMITS, likenessOf } from '../../src/core/likeness/likeness.ts';
import { pictureContent } from '../../src/evidence/fingerprints/picture.ts';
import type { ByteSource } from '../../src/evidence/inspector.ts';

/**
 * How well copies of the corpus's generated pictures are recognised, and how often human pictures are
 * taken for one of them, by threshold; and how long it takes to ask a million codes. `npm run bench --
 * near-duplicates` prints tables and keeps them in `results/near-duplicates.json`; without
 * `RINGFENCE_CORPUS` only the query is measured.
 */

const CODES = 1_000_000;
const QUERIES = 50;
const PICTURE = /\.(?:jpe?g|png|webp)$/i;
const LEAST_QUALITY = LIKENESS_LIMITS.least.pdqQuality;

interface Codes {
  readonly pdq: string;
  readonly image: Uint8Array;
}

const CHANGES: Readonly<Record<string, (picture: Sharp, width: number, height: number) => Sharp>> =
  {
    'JPEG q40': (picture) => picture.jpeg({ quality: 40 }),
    'half size': (picture, width) => picture.resize(Math.ceil(width / 2)).png(),
    WebP: (picture) => picture.webp({ quality: 75 }),
    'crop 5 %': (picture, width, height) =>
      picture
        .extract({
          left: Math.floor(width * 0.025),
          top: Math.floor(height * 0.025),
          width: Math.floor(width * 0.95),
          height: Math.floor(height * 0.95),
        })
        .png(),
    watermark: (picture, width, height) =>
      picture.composite([{ input: watermark(width, height) }]).png(),
    grey: (picture) => picture.greyscale().png(),
  };

const RULES: Readonly<Record<string, (pdq: number, image: number) => boolean>> = {
  'PDQ <= 31': (pdq) => pdq <= 31,
  'PDQ <= 56': (pdq) => pdq <= 56,
  'PDQ <= 64': (pdq) => pdq <= 64,
  'ISCC-256 <= 40': (_, image) => image <= 40,
  'ISCC-256 <= 48': (_, image) => image <= 48,
  'same (as configured)': (pdq, image) => likenessOf({ pdq, image }, LIKENESS_LIMITS) === 'same',
  'held (as configured)': (pdq, image) => likenessOf({ pdq, image }, LIKENESS_LIMITS) !== undefined,
};

const query = measureQuery();
console.table([query]);
const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const recall = existsSync(corpus) ? await measureRecall() : undefined;
const [load] = loadavg();
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
const result = { at: new Date().toISOString(), machine, load, query, recall };
const kept = new URL('results/near-duplicates.json', import.meta.url);
await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);

function measureQuery() {
  const table = new CodeTable();
  const code = new Uint8Array(32);
  for (let number = 0; number < CODES; number += 1) table.add(crypto.getRandomValues(code));
  const times = Array.from({ length: QUERIES }, () => {
    crypto.getRandomValues(code);
    const started = performance.now();
    table.within(code, LIKENESS_LIMITS.picture.related.pdq);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.floor(share * (QUERIES - 1))] ?? 0).toFixed(2));
  const memoryMiB = Math.round(table.memoryBytes / 1024 / 1024);
  return { codes: CODES, leastMs: at(0), medianMs: at(0.5), p95Ms: at(0.95), memoryMiB };
}

async function measureRecall() {
  const all = await picturesUnder(corpus);
  const generated = await codesOf(all.filter((path) => path.includes('/synthetic/')));
  const human = await codesOf(all.filter((path) => !path.includes('/synthetic/')));
  const rows: Record<string, Record<string, string | number>> = {};
  for (const rule of Object.keys(RULES)) rows[rule] = {};
  for (const [change, make] of Object.entries(CHANGES)) {
    const found = new Map<string, number>();
    for (const { path, codes } of generated) {
      const { width, height } = await sharp(path).metadata();
      const copy = await codesIn(await make(sharp(path), width, height).toBuffer());
      for (const [rule, holds] of Object.entries(RULES)) {
        if (holds(...distances(codes, copy))) found.set(rule, (found.get(rule) ?? 0) + 1);
      }
    }
    for (const [rule, row] of Object.entries(rows)) {
      row[change] = Math.round((100 * (found.get(rule) ?? 0)) / generated.length);
    }
  }
  for (const [rule, holds] of Object.entries(RULES)) {
    const alarms = generated.flatMap(({ codes }) =>
      human.filter((other) => holds(...distances(codes, other.codes))),
    );
    const row = rows[rule];
    if (row !== undefined) row['false alarms'] = alarms.length;
  }
  const pairs = generated.length * human.length;
  console.table(rows);
  console.log(`${generated.length} registered, ${human.length} human pictures, ${pairs} pairs`);
  return { registered: generated.length, human: human.length, pairs, percentFound: rows };
}

async function picturesUnder(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Pictures with enough in them to be compared. */
async function codesOf(paths: readonly string[]) {
  const all: { readonly path: string; readonly codes: Codes }[] = [];
  for (const path of paths) {
    const codes = await codesIn(await readFile(path));
    if (codes.quality >= LEAST_QUALITY) all.push({ path, codes });
  }
  return all;
}

async function codesIn(bytes: Uint8Array): Promise<Codes & { readonly quality: number }> {
  const { digest, facts } = await pictureContent(inMemory(bytes));
  return { pdq: String(facts['pdq']), image: digest, quality: Number(facts['pdqQuality']) };
}

function inMemory(bytes: Uint8Array): ByteSource {
  return {
    cid: cidFromDigest(CODEC.raw, new Uint8Array(32)),
    filename: '',
    size: bytes.length,
    head: bytes,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto(offset, target) {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  };
}

function distances(a: Codes, b: Codes): [pdq: number, image: number] {
  return [bitsOff(Buffer.from(a.pdq, 'hex'), Buffer.from(b.pdq, 'hex')), bitsOff(a.image, b.image)];
}

function bitsOff(a: Uint8Array, b: Uint8Array): number {
  const table = new CodeTable();
  table.add(a);
  return table.distance(0, b);
}

function watermark(width: number, height: number): Buffer {
  const size = Math.round(height / 10);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text x="50%" y="55%" text-anchor="middle" font-size="${size}" fill="white" fill-opacity="0.5">SAMPLE</text></svg>`,
  );
}
