import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { toCursor } from '../../src/catalog/listing/page-cursor.ts';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import type { AssetFilter } from '../../src/core/ports/asset-lists.ts';
import type { Catalog } from '../../src/core/ports/catalog.ts';
import type { Ledger } from '../../src/core/ports/ledger.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import {
  AT,
  assetOf,
  COLLECTION,
  custodyOf,
  deposits,
  digest,
  disputeOf,
  itemOf,
  range,
  wordOf,
} from './catalog/made-up-assets.ts';

/**
 * What the catalog does: deposits projected in a second, and how long questions take over
 * collections of several sizes. `node scripts/bench/catalog.ts [--assets 100000,1000000]` prints
 * tables and keeps them in `results/catalog.json`.
 *
 * Every asset is made up, deposited in a real ledger (two statements and a record each, 500 assets an
 * entry, custody by sets of 100,000), and projected as always. Nothing is random: a second run asks
 * the same questions about the same assets.
 */

interface Row {
  readonly what: string;
  readonly p50ms: number;
  readonly p99ms: number;
  readonly maxms: number;
  /** Of the thread's own processor time, which does not grow while others use the machine. */
  readonly p99cpuMs: number;
}

/** What some work took, by the clock and by the processor: of the thread for questions, else of all. */
interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

const PER_ENTRY = 500;
const SET = 100_000;
const RUNS = 500;

const eligible = {
  is: 'eligible',
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
  at: AT,
} as const;
const held = { ...eligible, is: 'hold' } as const;

const { values } = parseArgs({
  options: { assets: { type: 'string', default: '100000,1000000' } },
});

const results: object[] = [];
for (const count of values.assets.split(',').map(Number)) {
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
  try {
    results.push(await benchmark(count, folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}
const result = { at: new Date().toISOString(), machine: machine(), results };
await writeFile(
  new URL('results/catalog.json', import.meta.url),
  `${JSON.stringify(result, null, 2)}\n`,
);

async function benchmark(count: number, folder: string): Promise<object> {
  const home = {
    path: join(folder, 'ledger.db'),
    keyPath: join(folder, 'key.pem'),
    clock: Date.now,
    randomBytes: (length: number) => digest(`random ${length}`).slice(0, length),
  };
  await foundLedger({ ...home, name: 'Bench', institution: 'Bench' });
  await using ledger = await openLedger(home);
  const path = join(folder, 'catalog.db');
  console.log(`${count} assets`);
  const projecting = await projected(count, ledger, path);
  const { size } = await stat(path);
  const starting = await started(path, ledger);
  await using catalog = openCatalog({ path, ledger });
  const asking = await asked(count, catalog);
  console.table(projecting);
  console.log(
    `catalog.db has ${size} bytes, ${Math.round(size / count)} an asset; first answer ` +
      `${starting.firstAnswerMs} ms after opening`,
  );
  console.table(asking);
  return { assets: count, size, ...starting, projecting, asking };
}

/** Deposits everything, projects it, and then what is said about sets. */
async function projected(count: number, ledger: Ledger, path: string): Promise<object[]> {
  for (let start = 0; start < count; start += PER_ENTRY) {
    await ledger.append(deposits(start, Math.min(count, start + PER_ENTRY)));
  }
  const rows: object[] = [];
  const reading = await timed(async () => {
    for await (const _arrival of ledger.arrivals(0));
  });
  rows.push({ what: 'reading the ledger alone', assets: count, ...rate(reading, count) });
  await using catalog = openCatalog({ path, ledger });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const projecting = await timed(() => catalog.catchUp());
  const longest = Math.round(delay.max / 1e6);
  rows.push({ what: 'projecting deposits', assets: count, ...rate(projecting, count), longest });
  const custody = Math.floor(count * 0.6);
  for (let start = 0; start < custody; start += SET) {
    const members = range(start, Math.min(custody, start + SET)).map(assetOf);
    const set = createSet(members, sha256);
    await ledger.append({
      statements: [custodyOf(set.cid, ledger)],
      records: [],
      documents: set.blocks,
    });
  }
  delay.reset();
  const expanding = await timed(() => catalog.catchUp());
  const longestOfSets = Math.round(delay.max / 1e6);
  rows.push({
    what: 'projecting custody of sets',
    assets: custody,
    ...rate(expanding, custody),
    longest: longestOfSets,
  });
  delay.disable();
  const disputed = range(0, 100).map((i) => assetOf(Math.floor((i * custody) / 100)));
  await ledger.append({ statements: disputed.map(disputeOf), records: [], documents: [] });
  await catalog.catchUp();
  return rows;
}

/** Time until a process that has just started has answered a question about verdicts. */
async function started(path: string, ledger: Ledger): Promise<{ readonly firstAnswerMs: number }> {
  const start = performance.now();
  await using catalog = openCatalog({ path, ledger });
  await catalog.catchUp();
  catalog.list({ verdict: eligible }, { limit: 50 });
  return { firstAnswerMs: Math.round((performance.now() - start) * 10) / 10 };
}

async function asked(count: number, catalog: Catalog): Promise<Row[]> {
  const rows: Row[] = [];
  const ask = (what: string, question: (i: number) => unknown, runs = RUNS) => {
    const times: Cost[] = [];
    for (let i = 0; i < runs; i += 1) {
      const usage = process.threadCpuUsage();
      const start = performance.now();
      question(i);
      const ms = performance.now() - start;
      const { user, system } = process.threadCpuUsage(usage);
      times.push({ ms, cpuMs: (user + system) / 1000 });
    }
    rows.push(rowOf(what, times));
  };
  const page = (filter: AssetFilter) => (i: number) =>
    catalog.list(filter, { limit: 50, cursor: toCursor(filter, (i * 7919) % count) });
  const items = range(0, PER_ENTRY).map((i) => itemOf((i * 7919) % count));
  ask(`items of a group, ${PER_ENTRY} together`, () => catalog.items(COLLECTION, items), 100);
  ask('one asset', (i) => catalog.asset(assetOf((i * 7919) % count)));
  ask('counts by verdict', () => catalog.counts(eligible));
  ask('page of all', page({}));
  ask('page of eligible (half)', page({ verdict: eligible }));
  ask('page of held (100)', page({ verdict: held }));
  ask('page of eligible jpeg', page({ verdict: eligible, media: 'image/jpeg' }));
  ask('page of a maker (1 in 1000), eligible', page({ verdict: eligible, maker: 'Maker 77' }));
  ask('one word (1 in 5000)', (i) => catalog.list({ text: wordOf(i) }, { limit: 50 }));
  ask('one common word (all)', page({ text: 'pencil' }));
  ask('two words', (i) => catalog.list({ text: `${wordOf(i)} pencil` }, { limit: 50 }));
  ask('two common words, held', page({ text: 'pencil paper', verdict: held }));
  ask('prefix of 2 letters', (i) =>
    catalog.list({ text: `${wordOf(i).slice(0, 2)}*` }, { limit: 50 }),
  );
  ask('word that is nowhere, eligible', page({ text: 'xylophone', verdict: eligible }));
  const counting = await timed(async () => {
    await catalog.count({ text: 'pencil', verdict: eligible, media: 'image' });
  });
  rows.push(rowOf('count of three conditions', [counting]));
  let candidates = 0;
  const streaming = await timed(async () => {
    for (const _candidate of catalog.candidates({}, eligible)) candidates += 1;
  });
  rows.push(rowOf(`candidates, ${Math.round((candidates * 1000) / streaming.ms)}/s`, [streaming]));
  return rows;
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const usage = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(usage);
  return { ms, cpuMs: (user + system) / 1000 };
}

function rate({ ms, cpuMs }: Cost, count: number) {
  return {
    seconds: Math.round(ms / 10) / 100,
    perSecond: Math.round((count * 1000) / ms),
    perCpuSecond: Math.round((count * 1000) / cpuMs),
  };
}

function rowOf(what: string, times: readonly Cost[]): Row {
  const at = (share: number, of: (cost: Cost) => number) => {
    const sorted = times.map(of).sort((a, b) => a - b);
    const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.round(found * 1000) / 1000;
  };
  const elapsed = ({ ms }: Cost) => ms;
  return {
    what,
    p50ms: at(0.5, elapsed),
    p99ms: at(0.99, elapsed),
    maxms: at(1, elapsed),
    p99cpuMs: at(0.99, ({ cpuMs }) => cpuMs),
  };
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`;
}
