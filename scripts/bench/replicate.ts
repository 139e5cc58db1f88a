import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openHosts, whyNoHosts } from '../../test/support/namespaces.ts';
import { fill } from './replicate/fill.ts';
import type { Cost } from './replicate/way.ts';

/**
 * Bytes to a fresh partner: ours, next to a plain TCP copy of the same bytes into one file with one
 * fsync, the daemon of rsync, and bitswap of stock Helia, each side in a process of its own. On loopback, and where
 * network namespaces can be made on lines of 50 ms. `npm run bench -- replicate [--megabytes N]
 * [--files N] [--line-megabytes N] [--rounds N]` prints medians and keeps them in
 * `results/replicate.json`; 0 leaves a part out.
 */

const MiB = 1_048_576;
const LARGE_BYTES = 64 * MiB;
const SMALL_BYTES = 20_000;

/** A transfer that has not ended by then never will, and is a row that says so. */
const TIMEOUT_MS = 600_000;

const WAYS = ['tcp', 'rsync', 'ours', 'bitswap'];

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: 'string', default: '1024' },
    files: { type: 'string', default: '20000' },
    'line-megabytes': { type: 'string', default: '128' },
    rounds: { type: 'string', default: '3' },
  },
});

/** Two hosts: what a command is preceded by there, and where the first can be reached. */
interface Line {
  readonly name: string;
  readonly address: string;
  readonly serving: readonly string[];
  readonly fetching: readonly string[];
}

interface Transfer extends Cost {
  readonly bothCpuSeconds: number;
}

const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
const rows: Record<string, string | number>[] = [];
try {
  const loopback = { name: 'loopback', address: '127.0.0.1', serving: [], fetching: [] };
  await compare(loopback, 'large', Number(values.megabytes) * MiB, LARGE_BYTES);
  await compare(loopback, 'small', Number(values.files) * SMALL_BYTES, SMALL_BYTES);
  const reason = whyNoHosts();
  if (reason !== '') console.log(`lines of 50 ms${reason}`);
  else await compareOnLines(Number(values['line-megabytes']) * MiB);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.table(rows);
const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`;
const result = { date: new Date().toISOString(), machine, rounds: Number(values.rounds), rows };
const path = fileURLToPath(new URL('results/replicate.json', import.meta.url));
await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);

async function compareOnLines(bytes: number): Promise<void> {
  for (const congestion of ['bbr', 'cubic'] as const) {
    for (const lossPercent of [0, 1]) {
      await using opened = await openHosts({ count: 2, lossPercent, congestion });
      const [one, other] = opened.hosts;
      if (one === undefined || other === undefined) throw new Error('there are two hosts');
      const name = `50 ms, ${lossPercent} % lost, ${congestion}`;
      // Loss brings cubic down to some hundred kilobytes a second.
      const share = congestion === 'cubic' && lossPercent > 0 ? 8 : 1;
      await compare(
        { name, address: one.address, serving: one.prefix, fetching: other.prefix },
        'large',
        bytes / share,
        Math.min(LARGE_BYTES, bytes / share),
      );
    }
  }
}

async function compare(line: Line, set: string, total: number, size: number): Promise<void> {
  const count = Math.ceil(total / size);
  if (total === 0) return;
  const source = join(folder, set);
  await fill(source, count, size);
  let tcpSeconds = 0;
  for (const way of WAYS) {
    if (way === 'rsync' && spawnSync('rsync', ['--version']).status !== 0) {
      console.log('rsync: skipped, it is not installed');
      continue;
    }
    const transfers: Transfer[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const transfer = await transferOver(line, way, source);
      if (transfer !== undefined) transfers.push(transfer);
    }
    transfers.sort((a, b) => a.seconds - b.seconds);
    const middle = transfers[Math.floor(transfers.length / 2)];
    if (way === 'tcp') tcpSeconds = middle?.seconds ?? 0;
    const bytes = count * size;
    rows.push({
      line: line.name,
      set: `${count} × ${size}`,
      way,
      ...(middle === undefined
        ? { 'MB/s': 'did not end' }
        : {
            'MB/s': Number((bytes / middle.seconds / 1e6).toPrecision(3)),
            '÷ tcp': Number((tcpSeconds / middle.seconds).toFixed(2)),
            'CPU s/GB, both': Number(((middle.bothCpuSeconds / bytes) * 1e9).toFixed(2)),
            ...(middle.peakMiB === undefined ? {} : { 'receiver MiB': Math.round(middle.peakMiB) }),
          }),
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
  await rm(source, { recursive: true, force: true });
}

/** Returns undefined if the transfer does not come to its end. */
async function transferOver(
  line: Line,
  way: string,
  source: string,
): Promise<Transfer | undefined> {
  const target = join(folder, 'target');
  await mkdir(target);
  const server = child(line.serving, [way, 'serve', source, line.address]);
  try {
    const place = await messageOf(server);
    if (place === undefined) throw new Error(`${way} cannot serve`);
    await cp(join(source, 'assets.json'), join(target, 'assets.json'));
    const client = child(line.fetching, [way, 'fetch', target, String(place)]);
    const cost = await messageOf(client);
    server.send('end');
    const served = await messageOf(server);
    if (cost === undefined || served === undefined) return undefined;
    // Sent by `role.ts`.
    const spent = cost as Cost;
    return { ...spent, bothCpuSeconds: spent.cpuSeconds + Number(served) };
  } finally {
    server.kill();
    await rm(target, { recursive: true, force: true });
  }
}

function child(prefix: readonly string[], args: readonly string[]): ChildProcess {
  const role = fileURLToPath(new URL('replicate/role.ts', import.meta.url));
  const [program = '', ...rest] = [...prefix, process.execPath, role, ...args];
  return spawn(program, rest, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: TIMEOUT_MS,
  });
}

/** Returns what the child says next, undefined if it ends before that. */
async function messageOf(process: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  process.once('exit', () => ended.abort());
  try {
    const [message] = await once(process, 'message', { signal: ended.signal });
    return message;
  } catch {
    return undefined;
  }
}
