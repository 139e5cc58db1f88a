import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findKubo } from '../interop/find-kubo.ts';

/**
 * Whole programs on the same small files: `ringfence ingest` (bytes durable, inspected, deposited by
 * signed entries, searchable and decided) beside `ipfs add`, as it comes and with its files synced, and
 * `restic backup`, one after the other in each round. `npm run bench -- deposit [--files N] [--bytes N]
 * [--rounds N]`; programs that are not installed are left out. Seconds and ratios are medians, of the
 * elapsed time and of the processor's (user and system, all threads); what the kernel writes later is
 * nobody's. The last row is the time from the start of the process to the first answer.
 */

interface Row {
  readonly what: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly filesPerSecond: number;
  /** Files per second of ringfence divided by this row's, round by round. */
  readonly ringfenceIs: number;
  /** The same for files per second of processor time. */
  readonly ringfenceIsByCpu: number;
}

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const RESULT = fileURLToPath(new URL('./results/deposit.json', import.meta.url));

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '5000' },
    bytes: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
  },
});
const files = Number(values.files);
const folder = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
try {
  const offered = join(folder, 'offered');
  await makeFiles(offered, files, Number(values.bytes));
  const costs = new Map<string, Cost[]>();
  const start: number[] = [];
  const kubo = await findKubo();
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const home = join(folder, `home-${round}`);
    await run(process.execPath, [MAIN, '--home', home, 'init', '--name', 'Bench']);
    await note(costs, 'ringfence ingest', () =>
      run(process.execPath, [MAIN, '--home', home, 'ingest', offered]),
    );
    start.push(
      (await timed(() => run(process.execPath, [MAIN, '--home', home, 'list', '--limit', '1'])))
        .seconds,
    );
    if (kubo !== undefined) {
      for (const isSynced of [false, true]) {
        const env = { IPFS_PATH: join(folder, `kubo-${round}-${isSynced}`) };
        await run(kubo, ['init'], env);
        await run(kubo, ['config', '--json', 'Datastore.Spec', datastore(isSynced)], env);
        const name = isSynced ? 'ipfs add, files synced' : 'ipfs add';
        await note(costs, name, () => run(kubo, ['add', '-r', '-q', offered], env));
      }
    }
    const env = { RESTIC_PASSWORD: 'bench', RESTIC_REPOSITORY: join(folder, `restic-${round}`) };
    if (await works('restic', ['version'])) {
      await run('restic', ['init', '-q'], env);
      await note(costs, 'restic backup', () => run('restic', ['backup', '-q', offered], env));
    }
  }
  const own = costs.get('ringfence ingest') ?? [];
  const rows: Row[] = [...costs].map(([what, list]) => {
    const seconds = median(list.map((cost) => cost.seconds));
    const ratio = (of: (cost: Cost) => number) =>
      round2(
        median(list.flatMap((cost, i) => (own[i] === undefined ? [] : [of(cost) / of(own[i])]))),
      );
    return {
      what,
      seconds: round2(seconds),
      cpuSeconds: round2(median(list.map((cost) => cost.cpuSeconds))),
      filesPerSecond: Math.round(files / seconds),
      ringfenceIs: ratio((cost) => cost.seconds),
      ringfenceIsByCpu: ratio((cost) => cost.cpuSeconds),
    };
  });
  console.table(rows);
  const startSeconds = round2(median(start));
  console.log(`start to first answer: ${startSeconds} s over ${files} assets`);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const result = {
    at: new Date().toISOString(),
    machine,
    files,
    bytes: Number(values.bytes),
    rounds: Number(values.rounds),
    rows,
    startSeconds,
  };
  await writeFile(RESULT, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function note(
  costs: Map<string, Cost[]>,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  costs.set(what, [...(costs.get(what) ?? []), await timed(work)]);
}

async function makeFiles(root: string, count: number, size: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const parent = join(root, String(Math.floor(i / 500)).padStart(4, '0'));
    if (i % 500 === 0) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `${i}.bin`), randomBytes(size));
  }
}

/** Kubo's own default datastore, with or without syncing each file. */
function datastore(sync: boolean): string {
  const blocks = {
    mountpoint: '/blocks',
    path: 'blocks',
    prefix: 'flatfs.datastore',
    shardFunc: '/repo/flatfs/shard/v1/next-to-last/2',
    sync,
    type: 'flatfs',
  };
  const rest = {
    compression: 'none',
    mountpoint: '/',
    path: 'datastore',
    prefix: 'leveldb.datastore',
    type: 'levelds',
  };
  return JSON.stringify({ mounts: [blocks, rest], type: 'mount' });
}

function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${program} ${args.join(' ')} ended with status ${status}`));
    });
  });
}

async function works(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args);
    return true;
  } catch {
    return false;
  }
}

async function timed(work: () => Promise<void>): Promise<Cost> {
  const cpu = await childrenCpuSeconds();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (await childrenCpuSeconds()) - cpu };
}

/** Processor time of the programs that have ended, from proc_pid_stat(5); not a number elsewhere. */
async function childrenCpuSeconds(): Promise<number> {
  try {
    const stat = await readFile('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Fields 16 and 17, in hundredths of a second; the first two were cut off.
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return Number.NaN;
  }
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
