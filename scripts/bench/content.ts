import { createHash, hash, randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FsBlockstore } from 'blockstore-fs';
import { CID } from 'multiformats/cid';
import { openContentStore } from '../../src/content/open-content-store.ts';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';

/**
 * What the content store does to bytes, next to what the machine does at best in the same run: large
 * files durably stored against `createHash` and against raw writing with fsync; 20 KB files against
 * hashing alone and against `blockstore-fs`, which never syncs.
 * `node scripts/bench/content.ts [--rounds N] [--megabytes N] [--files N]` prints the medians and
 * keeps them in `results/content.json`. The first round only warms the machine up and is not counted:
 * a guest that touches its memory for the first time pays five times as much for a write.
 */

const MiB = 1_048_576;
const SMALL_BYTES = 20_000;

interface Cost {
  readonly cpuSeconds: number;
  readonly seconds: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '512' },
    files: { type: 'string', default: '2000' },
  },
});
const megabytes = Number(values.megabytes);
const files = Number(values.files);
const rounds = Number(values.rounds);

const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
try {
  const large = join(folder, 'large');
  const small = Array.from({ length: files }, (_, i) => join(folder, `small-${i}`));
  writeRandom(large, megabytes * MiB);
  for (const path of small) writeRandom(path, SMALL_BYTES);

  const costs = new Map<string, Cost[]>();
  const record = async (what: string, work: () => Promise<void> | void): Promise<void> => {
    const cost = await measure(work);
    costs.set(what, [...(costs.get(what) ?? []), cost]);
  };
  for (let round = 0; round <= rounds; round += 1) {
    if (round === 1) costs.clear();
    await largeRound(large, record);
    await smallRound(small, record);
  }

  const largeRows = rowsOf(costs, 'large: ', { count: megabytes, unit: 'MB' }, [
    ['cpu', 'createHash'],
    ['cpu', 'raw write + fsync'],
    ['wall', 'raw write + fsync'],
  ]);
  const smallRows = rowsOf(costs, 'small: ', { count: files, unit: 'files' }, [
    ['cpu', 'crypto.hash'],
    ['cpu', 'blockstore-fs, no sync'],
    ['wall', 'blockstore-fs, no sync'],
  ]);
  const tables = { large: largeRows, small: smallRows };
  console.table(tables.large);
  console.table(tables.small);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const result = { at: new Date().toISOString(), machine, megabytes, files, rounds, ...tables };
  const kept = new URL('results/content.json', import.meta.url);
  await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

type Record = (what: string, work: () => Promise<void> | void) => Promise<void>;

async function largeRound(path: string, record: Record): Promise<void> {
  const buffer = Buffer.alloc(MiB, 1);
  await record('large: createHash', () => {
    for (let i = 0; i < megabytes; i += 1) createHash('sha256').update(buffer).digest();
  });
  const raw = join(folder, 'raw');
  await record('large: raw write + fsync', () => {
    const fd = openSync(raw, 'w');
    for (let i = 0; i < megabytes; i += 1) writeSync(fd, buffer);
    fsyncSync(fd);
    closeSync(fd);
  });
  await rm(raw);
  await record('large: readSync', () => {
    const fd = openSync(path, 'r');
    for (let i = 0; i < megabytes; i += 1) readSync(fd, buffer, 0, MiB, i * MiB);
    closeSync(fd);
  });
  const starter = join(folder, 'starter');
  writeRandom(starter, 4 * MiB);
  await withStore(async (store) => {
    // Starts the threads, which costs some 40 ms each, once in the life of a store.
    await store.putFile({ path: starter });
    await store.sync([]);
    let cid: Cid | undefined;
    await record('large: stored, durable', async () => {
      cid = (await store.putFile({ path })).cid;
      await store.sync([cid]);
    });
    await record('large: stored again', async () => void (await store.putFile({ path })));
    await record('large: read, verified', async () => {
      if (cid === undefined) throw new Error('nothing was stored');
      let length = 0;
      for await (const chunk of store.read(cid)) length += chunk.length;
      if (length !== megabytes * MiB) throw new Error(`read ${length} bytes`);
    });
  });
}

async function smallRound(paths: readonly string[], record: Record): Promise<void> {
  const buffer = Buffer.alloc(SMALL_BYTES, 1);
  await record('small: crypto.hash', () => {
    for (const _ of paths) hash('sha256', buffer, 'buffer');
  });
  const fsFolder = join(folder, 'blockstore-fs');
  const blockstore = new FsBlockstore(fsFolder);
  await blockstore.open();
  await record('small: blockstore-fs, no sync', async () => {
    for (const path of paths) {
      const bytes = readFileSync(path);
      const cid = cidFromDigest(CODEC.raw, hash('sha256', bytes, 'buffer'));
      await blockstore.put(CID.parse(cid), bytes);
    }
  });
  await blockstore.close();
  await rm(fsFolder, { recursive: true });
  await withStore(async (store) => {
    const cids: Cid[] = [];
    await record('small: stored one by one, durable', async () => {
      for (const path of paths) cids.push((await store.putFile({ path })).cid);
      await store.sync(cids);
    });
    await record('small: read, verified', async () => {
      for (const cid of cids) await store.getBlock(cid);
    });
  });
  await withStore(async (store) => {
    await Array.fromAsync(store.putFiles(paths.slice(0, 20)));
    await record('small: stored as a list, durable', async () => {
      const cids: Cid[] = [];
      for await (const stored of store.putFiles(paths)) {
        if ('cid' in stored) cids.push(stored.cid);
      }
      await store.sync(cids);
    });
  });
}

async function withStore(
  work: (store: Awaited<ReturnType<typeof openContentStore>>) => Promise<void>,
): Promise<void> {
  const home = join(folder, 'home');
  await mkdir(home);
  {
    const packDirectories = [join(home, 'packs')];
    await using store = await openContentStore({ indexPath: join(home, 'i.db'), packDirectories });
    await work(store);
  }
  await rm(home, { recursive: true });
}

async function measure(work: () => Promise<void> | void): Promise<Cost> {
  const usage = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(usage);
  return { seconds, cpuSeconds: (user + system) / 1_000_000 };
}

/**
 * Returns a row for each measurement: its rate, and how it compares with floors of the same round, 1
 * being as fast: the median over the rounds, and the best round against the floor's best one.
 */
function rowsOf(
  costs: ReadonlyMap<string, readonly Cost[]>,
  prefix: string,
  { count, unit }: { readonly count: number; readonly unit: string },
  floors: readonly (readonly ['cpu' | 'wall', string])[],
): object[] {
  return [...costs]
    .filter(([what]) => what.startsWith(prefix))
    .map(([what, mine]) => ({
      what: what.slice(prefix.length),
      [`${unit}/cpu-s`]: Math.round(count / median(mine.map(({ cpuSeconds }) => cpuSeconds))),
      [`${unit}/s`]: Math.round(count / median(mine.map(({ seconds }) => seconds))),
      ...Object.fromEntries(
        floors.map(([of, floor]) => {
          const theirs = costs.get(prefix + floor) ?? [];
          return [`${of} ÷ ${floor}`, compare(theirs, mine, of)];
        }),
      ),
    }));
}

function compare(floor: readonly Cost[], mine: readonly Cost[], of: 'cpu' | 'wall'): string {
  const cost = ({ cpuSeconds, seconds }: Cost) => (of === 'cpu' ? cpuSeconds : seconds);
  const theirs = floor.map(cost);
  const ours = mine.map(cost);
  const middle = median(ours.map((value, round) => (theirs[round] ?? Number.NaN) / value));
  const best = Math.min(...theirs) / Math.min(...ours);
  return `${middle.toFixed(2)} (best ${best.toFixed(2)})`;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}

function writeRandom(path: string, byteLength: number): void {
  const buffer = Buffer.alloc(Math.min(byteLength, MiB));
  const fd = openSync(path, 'w');
  for (let left = byteLength; left > 0; left -= buffer.length) {
    randomFillSync(buffer);
    writeSync(fd, buffer, 0, Math.min(left, buffer.length));
  }
  closeSync(fd);
}
