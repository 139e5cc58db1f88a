import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import type { Append } from '../../src/core/ports/ledger.ts';
import { encodeRecord } from '../../src/core/statements/record.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { sha256 } from '../../src/ledger/sha256.ts';

/**
 * What the ledger does in a second: deposits appended, each with its record, and durable when counted;
 * deposits read back judged; entries verified, with what the fastest single call did. `node scripts/bench/ledger.ts [--deposits N]` prints a
 * table and keeps it in `results/ledger.json`. Making statements and records is not part of it.
 */

interface Row {
  readonly what: string;
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** The same for the fastest single call: what the machine allows when nothing else runs on it. */
  readonly fastest: number;
  readonly cpuMicroseconds: number;
}

const AT = '2026-11-22T12:00:00Z';
const COLLECTION = hex(16);

const { values } = parseArgs({ options: { deposits: { type: 'string', default: '100000' } } });
const deposits = Number(values.deposits);

const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
try {
  const home = {
    path: join(folder, 'ledger.db'),
    keyPath: join(folder, 'key.pem'),
    clock: Date.now,
    randomBytes: fresh,
  };
  await foundLedger({ ...home, name: 'Bench', institution: 'Bench' });
  const rows: Row[] = [];
  {
    await using ledger = await openLedger(home);
    await ledger.append(appendOf(1));
    for (const [perEntry, count] of [
      [1, Math.min(1_000, deposits)],
      [100, Math.min(10_000, deposits)],
      [1_000, deposits],
    ] as const) {
      const appends: Append[] = [];
      let row: Row | undefined;
      // Statements are made outside the measured time, some at once, so that memory stays small.
      for (let left = count; left > 0; left -= perEntry * appends.splice(0).length) {
        for (let made = 0; made < Math.min(left, 10_000); made += perEntry) {
          appends.push(appendOf(perEntry));
        }
        for (const append of appends) {
          const part = await measure(`append, ${perEntry} an entry`, perEntry, async () => {
            await ledger.append(append);
          });
          row = row === undefined ? part : add(row, part);
        }
      }
      if (row !== undefined) rows.push(row);
    }
    const set = createSet(Array.from({ length: 100_000 }, anAsset), sha256);
    const hold = { reason: 'bench', source: 'steward', deadline: null, record: null } as const;
    const statements = [createStatement('hold', { set: set.cid }, AT, hold)];
    rows.push(
      await measure('append, one set, its members', set.count, async () => {
        await ledger.append({ statements, records: [], documents: set.blocks });
      }),
      await measure('members read of the set', set.count, async () => {
        await ledger.setMembers(set.cid);
      }),
    );
  }
  const started = performance.now();
  await using ledger = await openLedger(home);
  const openMilliseconds = performance.now() - started;
  let read = 0;
  const reading = await measure('statements read and judged', 1, async () => {
    for await (const { standing } of ledger.arrivals(0)) read += standing.length;
  });
  rows.push(per(reading, read));
  const problems: unknown[] = [];
  const verifying = await measure('verify, statements', read, async () => {
    for await (const problem of ledger.verify()) problems.push(problem);
  });
  if (problems.length > 0) throw new Error(`verify found ${JSON.stringify(problems[0])}`);
  rows.push(verifying, { ...per(verifying, ledger.size()), what: 'verify, entries' });
  console.table(rows);
  const { size } = await stat(home.path);
  console.log(`opened in ${openMilliseconds.toFixed(1)} ms; ledger.db has ${size} bytes`);
  const result = { at: new Date().toISOString(), machine: machine(), openMilliseconds, size, rows };
  const kept = new URL('results/ledger.json', import.meta.url);
  await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function measure(what: string, count: number, work: () => Promise<void>): Promise<Row> {
  const usage = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(usage);
  const cpuMicroseconds = user + system;
  return per({ what, count, seconds, perSecond: 0, fastest: 0, cpuMicroseconds }, count, 1);
}

/** Returns the row with its figures for each of `count` things. */
function per(row: Row, count: number, before = row.count): Row {
  const { what, seconds } = row;
  const perSecond = Math.round(count / seconds);
  const cpuMicroseconds = Math.round((row.cpuMicroseconds * before * 10) / count) / 10;
  return { what, count, seconds, perSecond, fastest: perSecond, cpuMicroseconds };
}

function add(a: Row, b: Row): Row {
  const count = a.count + b.count;
  const seconds = a.seconds + b.seconds;
  const cpu = a.cpuMicroseconds * a.count + b.cpuMicroseconds * b.count;
  const sum = { what: a.what, count, seconds, perSecond: 0, fastest: 0, cpuMicroseconds: cpu };
  return { ...per(sum, count, 1), fastest: Math.max(a.fastest, b.fastest) };
}

function appendOf(count: number): Append {
  const records = Array.from({ length: count }, aRecord);
  const statements = records.map(({ cid }) =>
    createStatement('deposit', { asset: anAsset() }, AT, {
      size: 20_000,
      sha256: hex(32),
      mediaType: 'image/png',
      licence: 'CC-BY-SA-4.0',
      source: 'npm:bench@1.0.0',
      collection: COLLECTION,
      work: null,
      part: null,
      item: hex(16),
      makers: [hex(32)],
      record: cid,
    }),
  );
  return { statements, records, documents: [] };
}

function aRecord() {
  return encodeRecord(
    {
      type: 'deposit',
      title: `Untitled drawing ${hex(4)}`,
      filename: `drawings/${hex(8)}.png`,
      makers: [{ name: `Maker ${hex(3)}`, salt: fresh(16) }],
      dateText: 'about 1890',
      earliest: '1885-01-01',
      latest: '1895-12-31',
      source: 'Estate of the maker',
      notes: 'Pencil on paper, 21 by 30 cm',
      tags: ['drawing', 'pencil'],
      language: 'en',
      catalogue: 'catalogue.csv',
    },
    fresh(16),
    sha256,
  );
}

function anAsset() {
  return cidFromDigest(CODEC.raw, fresh(32));
}

function fresh(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length));
}

function hex(length: number): string {
  return randomBytes(length).toString('hex');
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`;
}
