import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import type { InspectionRequest } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';

/**
 * Assets per second that one worker inspects with all inspectors, by kind, from one pack file as the
 * content store has them. `npm run bench -- inspect` prints a table and keeps it in
 * `results/inspect.json`; kinds of the corpus are left out without `RINGFENCE_CORPUS`, those with
 * Content Credentials without `RINGFENCE_EVIDENCE`. The *inline pass* is all inspectors but `fingerprints`,
 * which decodes pixels. The pack is in the page cache: this measures the inspectors. A load above 1
 * means that others took part.
 */

interface Sample {
  readonly filename: string;
  readonly bytes: Uint8Array;
}

interface Row {
  readonly kind: string;
  readonly files: number;
  readonly meanBytes: number;
  readonly filesPerSecond: number;
  /** Of all threads together, so it says little less when the machine is busy. */
  readonly filesPerCpuSecond: number;
  readonly mibPerSecond: number;
}

const PICTURES = new Set(['png', 'jpg', 'webp']);
const AT_LEAST_FILES = 1_000;
/** A validated file takes a hundred times as long as one without credentials. */
const AT_LEAST_SIGNED = 200;
const AT_LEAST_BYTES = 64 * 1024 * 1024;

/** Part of the name of the kinds that are measured; with one nothing is kept. */
const only = process.argv[2] ?? '';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const evidence = process.env['RINGFENCE_EVIDENCE'] ?? '../shared/evidence-files';

/** At the end of a kind whose pixels are not decoded: all inspectors but `fingerprints`. */
const INLINE = ', inline pass';

/** Kinds with Content Credentials, and pictures without beside them. */
const SIGNED = new Map([
  ['jpeg without credentials', 'exif-camera'],
  [`jpeg without credentials${INLINE}`, 'exif-camera'],
  ['jpeg, signed', 'c2pa-valid-jpeg'],
  ['six formats, signed', 'c2pa-signed-by-format'],
  ['generated, signed', 'c2pa-ai-generator'],
]);

const folder = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
try {
  const rows: Row[] = [];
  for (const [kind, samples] of await samplesByKind()) {
    if (kind.includes(only)) rows.push(await measure(kind, samples));
  }
  console.table(rows);
  const [load] = loadavg();
  const result = { at: new Date().toISOString(), machine: machine(), load, workers: 1, rows };
  const kept = new URL('results/inspect.json', import.meta.url);
  if (only === '') await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function samplesByKind(): Promise<Map<string, Sample[]>> {
  const kinds = new Map<string, Sample[]>();
  kinds.set('svg (openmoji)', await filesUnder('node_modules/openmoji/color/svg'));
  kinds.set(
    '20 KB text',
    generated(20_000, 'note.txt', (at) => 32 + (at % 90)),
  );
  kinds.set(
    '20 KB unknown',
    generated(20_000, 'data.bin', (at) => (at * 2654435761) >>> 24),
  );
  for (const sample of (await existsSync(corpus)) ? await filesUnder(corpus) : []) {
    const kind = extname(sample.filename).slice(1);
    for (const suffix of ['', ...(PICTURES.has(kind) ? [INLINE] : [])]) {
      const name = `${kind} (corpus)${suffix}`;
      kinds.set(name, [...(kinds.get(name) ?? []), sample]);
    }
  }
  for (const [kind, name] of existsSync(evidence) ? SIGNED : []) {
    kinds.set(kind, await filesUnder(join(evidence, name)));
  }
  return kinds;
}

async function filesUnder(root: string): Promise<Sample[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (file) => ({
      filename: file.name,
      bytes: await readFile(join(file.parentPath, file.name)),
    })),
  );
}

function generated(size: number, filename: string, byteAt: (at: number) => number): Sample[] {
  return Array.from({ length: 1_000 }, (_, number) => {
    const bytes = Uint8Array.from({ length: size }, (_, at) => byteAt(at + number));
    return { filename, bytes };
  });
}

async function measure(kind: string, samples: readonly Sample[]): Promise<Row> {
  const stored = await storeAll(samples);
  const total = samples.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const files = kind.endsWith(', signed') ? AT_LEAST_SIGNED : AT_LEAST_FILES;
  const enough = Math.min(files / samples.length, AT_LEAST_BYTES / total);
  const requests = Array.from({ length: Math.max(1, Math.ceil(enough)) }, () => stored).flat();
  await using inspectors = openInspectors({ workers: 1 });
  const all = inspectors.versions.map(({ name }) => name);
  const asked = kind.endsWith(INLINE) ? all.filter((name) => name !== 'fingerprints') : all;
  await inspectors.inspect(stored.slice(0, 200), { inspectors: asked });
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await inspectors.inspect(requests, { inspectors: asked });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const meanBytes = Math.round(total / samples.length);
  return {
    kind,
    files: requests.length,
    meanBytes,
    filesPerSecond: Math.round(requests.length / seconds),
    filesPerCpuSecond: Math.round((requests.length * 1e6) / (user + system)),
    mibPerSecond: Math.round((requests.length * meanBytes) / seconds / 1024 / 1024),
  };
}

async function storeAll(samples: readonly Sample[]): Promise<InspectionRequest[]> {
  const path = join(folder, 'pack');
  const pack = await open(path, 'w');
  const requests: InspectionRequest[] = [];
  let offset = 0;
  for (const { filename, bytes } of samples) {
    await pack.write(bytes);
    const length = bytes.length;
    const codec = length <= 1024 * 1024 ? CODEC.raw : CODEC.dagPb;
    const cid = cidFromDigest(codec, createHash('sha256').update(bytes).digest());
    requests.push({
      cid,
      size: length,
      segments: length === 0 ? [] : [{ path, offset, length }],
      filename,
    });
    offset += length;
  }
  await pack.close();
  return requests;
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, Node ${process.version}`;
}
