import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { createHomeKey } from '../../src/ledger/keys/home-key.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Cost } from './sync/cost.ts';
import * as ours from './sync/our-nodes.ts';
import { appendOf, fresh, plainRecords } from './sync/records.ts';
import * as stock from './sync/stock-nodes.ts';

/**
 * Records a second to a fresh partner, over TCP on the loopback, both nodes in processes of their own:
 * ours with 1, 100 and 1,000 statements an entry, and stock OrbitDB with one record an entry; then
 * entries that a partner missed, and the memory of a long pull. `node scripts/bench/sync.ts
 * [--records N] [--single N] [--stock N] [--missed N] [--long N]` prints a table and keeps it in
 * `results/sync.json`, row by row. `--single` is how many records come one an entry.
 *
 * Ours is durable and verified when counted, and carries a record beside each statement; stock keeps
 * its blocks in memory. The time begins, for both, when the connection stands.
 */

interface Row {
  readonly what: string;
  readonly records: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Of both processes together. */
  readonly cpuMicroseconds: number;
  readonly peakMiB: number;
  readonly lateMs: number;
}

type Job =
  | { readonly job: 'serve'; readonly home: ours.Home }
  | { readonly job: 'pull'; readonly home: ours.Home; readonly address: string }
  | { readonly job: 'serve stock'; readonly directory: string; readonly count: number }
  | {
      readonly job: 'pull stock';
      readonly directory: string;
      readonly count: number;
      readonly place: { readonly address: string; readonly database: string };
    };

if (process.send === undefined) await main();
else process.once('message', (job: Job) => void work(job));

/** What a child does: it answers once, and a server tells its cost when it is asked again. */
async function work(job: Job): Promise<void> {
  const tell = (answer: unknown) => process.send?.(answer);
  switch (job.job) {
    case 'serve':
      return whenAsked(await ours.serve(job.home, tell), tell);
    case 'pull':
      return void tell(await ours.pull(job.home, job.address));
    case 'serve stock':
      return whenAsked(await stock.serve(job.directory, plainRecords(job.count), tell), tell);
    case 'pull stock':
      return void tell(await stock.pull(job.directory, job.place, job.count));
  }
}

function whenAsked(cost: () => Cost, tell: (answer: unknown) => void): void {
  process.once('message', () => tell(cost()));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '50000' },
      single: { type: 'string', default: '3000' },
      stock: { type: 'string', default: '500' },
      missed: { type: 'string', default: '10000' },
      long: { type: 'string', default: '0' },
    },
  });
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    return keep(rows);
  };
  try {
    const records = Number(values.records);
    await add(await replicateStock(join(folder, 'stock'), Number(values.stock)));
    for (const [perEntry, count] of [
      [1_000, records],
      [100, records],
      [1, Number(values.single)],
    ] as const) {
      await using homes = await pairOf(folder, `${perEntry}`);
      await fill(homes.one, count, perEntry);
      await add(await replicate(`ours, ${perEntry} an entry`, count, homes));
    }
    if (Number(values.long) > 0) {
      await using homes = await pairOf(folder, 'long');
      await fill(homes.one, Number(values.long), 1_000);
      await add(await replicate('ours, a long pull', Number(values.long), homes));
    }
    {
      await using homes = await pairOf(folder, 'missed');
      const missed = Number(values.missed);
      await fill(homes.one, 100, 1);
      await replicate('before', 100, homes);
      await fill(homes.one, missed, 1);
      await add(await replicate('ours, entries missed', missed, homes));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  console.table(rows);
  console.table(ratiosOf(rows));
}

/** Keeps what has been measured so far. */
function keep(rows: readonly Row[]): Promise<void> {
  const ratios = ratiosOf(rows);
  const result = { at: new Date().toISOString(), machine: machine(), rows, ratios };
  const kept = new URL('results/sync.json', import.meta.url);
  return writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);
}

/** How many times as many records a second as stock, and how much less of the processor for each. */
function ratiosOf(rows: readonly Row[]) {
  const perStock = rows.find(({ what }) => what.startsWith('stock'));
  return rows.map(({ what, perSecond, cpuMicroseconds }) => ({
    what,
    perSecond: round(perSecond / (perStock?.perSecond ?? Number.NaN)),
    cpu: round((perStock?.cpuMicroseconds ?? Number.NaN) / cpuMicroseconds),
  }));
}

/** Two homes of one archive: the second has the founding entry only, and a key of its own. */
async function pairOf(folder: string, name: string) {
  const parent = join(folder, name);
  await mkdir(parent);
  const home = (file: string): ours.Home => ({
    path: join(parent, `${file}.db`),
    keyPath: join(parent, `${file}.pem`),
  });
  const [one, other] = [home('one'), home('other')];
  await foundLedger({
    ...one,
    ...{ name: 'Bench', institution: 'Bench', clock: Date.now, randomBytes: fresh },
  });
  await copyFile(one.path, other.path);
  await createHomeKey(other.keyPath);
  return { one, other, [Symbol.asyncDispose]: () => rm(parent, { recursive: true }) };
}

async function fill(home: ours.Home, count: number, perEntry: number): Promise<void> {
  await using ledger = await openLedger({ ...home, clock: Date.now, randomBytes: fresh });
  for (let made = 0; made < count; made += perEntry) await ledger.append(appendOf(perEntry));
}

async function replicate(
  what: string,
  count: number,
  { one, other }: { readonly one: ours.Home; readonly other: ours.Home },
): Promise<Row> {
  await using server = child();
  const address = await server.ask<string>({ job: 'serve', home: one });
  await using puller = child();
  const pulled = await puller.ask<Cost>({ job: 'pull', home: other, address });
  return rowOf(what, count, pulled, await server.ask<Cost>('cost'));
}

async function replicateStock(directory: string, count: number): Promise<Row> {
  await using server = child();
  const place = await server.ask<{ readonly address: string; readonly database: string }>({
    job: 'serve stock',
    directory: join(directory, 'one'),
    count,
  });
  await using puller = child();
  const job = { job: 'pull stock', directory: join(directory, 'other'), count, place } as const;
  const pulled = await puller.ask<Cost>(job);
  return rowOf('stock OrbitDB, 1 an entry', count, pulled, await server.ask<Cost>('cost'));
}

function rowOf(what: string, records: number, pulled: Cost, served: Cost): Row {
  const { seconds, peakMiB, lateMs } = pulled;
  const cpuSeconds = pulled.cpuSeconds + served.cpuSeconds;
  return {
    what,
    records,
    seconds: round(seconds),
    perSecond: Math.round(records / seconds),
    cpuMicroseconds: round((cpuSeconds * 1e6) / records),
    peakMiB,
    lateMs,
  };
}

/** A process that does one job, and is gone when it is disposed. */
function child() {
  const started = fork(fileURLToPath(import.meta.url));
  return {
    async ask<T>(question: Job | 'cost'): Promise<T> {
      started.send(question);
      const [answer] = await Promise.race([
        once(started, 'message'),
        once(started, 'exit').then(() => {
          throw new Error('a node of the benchmark has ended');
        }),
      ]);
      // Each job says what its answer is.
      return answer as T;
    },
    async [Symbol.asyncDispose]() {
      started.kill();
      if (started.exitCode === null && started.signalCode === null) await once(started, 'exit');
    },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`;
}
