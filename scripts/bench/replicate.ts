import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openContentStore } from '../../src/content/open-content-store.ts';
import { didFromPublicKey } from '../../src/core/entries/did-key.ts';
import type { WantedAsset, WantedFeed } from '../../src/core/ports/catalog.ts';
import { openNetwork } from '../../src/network/open-network.ts';
import { Pacer } from '../../src/replica/bytes/pacer.ts';
import { BYTES_PROTOCOL } from '../../src/replica/bytes/protocol.ts';
import { Replicator } from '../../src/replica/bytes/replicator.ts';
import { serveBytes } from '../../src/replica/bytes/serve-bytes.ts';

/**
 * Bytes to a fresh partner over real sockets on loopback, next to a plain TCP copy of the same bytes
 * into one file with one fsync, each side in a process of its own. `npm run bench -- replicate
 * [--megabytes N] [--files N] [--rounds N]` prints medians and keeps them in
 * `results/replicate.json`.
 */

const MiB = 1_048_576;
const LARGE_BYTES = 64 * MiB;
const SMALL_BYTES = 20_000;

/** What one process says of its part. */
interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    role: { type: 'string' },
    folder: { type: 'string', default: '' },
    peer: { type: 'string', default: '' },
    megabytes: { type: 'string', default: '1024' },
    files: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
  },
});

const roles: Readonly<Record<string, () => Promise<void>>> = {
  'tcp-serve': tcpServe,
  'tcp-fetch': tcpFetch,
  'ours-serve': oursServe,
  'ours-fetch': oursFetch,
};

if (values.role !== undefined) await roles[values.role]?.();
else await compare();

async function compare(): Promise<void> {
  const rounds = Number(values.rounds);
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-bench-'));
  const sets = [
    {
      name: 'large',
      count: Math.ceil((Number(values.megabytes) * MiB) / LARGE_BYTES),
      size: LARGE_BYTES,
    },
    { name: 'small', count: Number(values.files), size: SMALL_BYTES },
  ];
  const rows: Record<string, string | number>[] = [];
  try {
    for (const { name, count, size } of sets) {
      const source = join(folder, name);
      await fill(source, count, size);
      const bytes = count * size;
      const median = new Map<string, Cost & { readonly bothCpuSeconds: number }>();
      for (const way of ['tcp', 'ours']) {
        const costs = [];
        for (let round = 0; round < rounds; round += 1) {
          costs.push(await transfer(way, source, join(folder, `${name}-${way}-${round}`)));
        }
        costs.sort((a, b) => a.seconds - b.seconds);
        const middle = costs[Math.floor(costs.length / 2)];
        if (middle !== undefined) median.set(way, middle);
      }
      for (const [way, cost] of median) {
        rows.push({
          set: `${count} × ${size}`,
          way,
          'MB/s': Math.round(bytes / cost.seconds / 1e6),
          '÷ tcp': Number(((median.get('tcp')?.seconds ?? 0) / cost.seconds).toFixed(2)),
          'CPU s/GB, both': Number(((cost.bothCpuSeconds / bytes) * 1e9).toFixed(2)),
          'receiver MiB': Math.round(cost.peakMiB),
        });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.table(rows);
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`;
  const result = { date: new Date().toISOString(), machine, rounds, rows };
  const path = fileURLToPath(new URL('results/replicate.json', import.meta.url));
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
}

/** Writes the bytes once as one plain file and once as a store, with a list of what is in it. */
async function fill(folder: string, count: number, size: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const plain = createWriteStream(join(folder, 'plain'));
  await using content = await openStore(folder);
  const assets: WantedAsset[] = [];
  const path = join(folder, 'one');
  for (let i = 0; i < count; i += 1) {
    const bytes = randomFillSync(Buffer.allocUnsafe(size));
    await writeFile(path, bytes);
    const { cid } = await content.putFile({ path });
    assets.push({ cid, size });
    if (!plain.write(bytes)) await once(plain, 'drain');
  }
  plain.end();
  await once(plain, 'close');
  await content.sync(assets.map(({ cid }) => cid));
  await writeFile(join(folder, 'assets.json'), JSON.stringify(assets));
}

async function transfer(way: string, source: string, target: string) {
  await mkdir(target, { recursive: true });
  const server = child(`${way}-serve`, ['--folder', source]);
  const address: unknown = (await once(server, 'message'))[0];
  await writeFile(join(target, 'assets.json'), await readFile(join(source, 'assets.json')));
  const client = child(`${way}-fetch`, ['--folder', target, '--peer', String(address)]);
  // Sent by `report` of the other process.
  const cost = (await once(client, 'message'))[0] as Cost;
  server.send('end');
  const served = (await once(server, 'message'))[0] as Cost;
  await rm(target, { recursive: true, force: true });
  return { ...cost, bothCpuSeconds: cost.cpuSeconds + served.cpuSeconds };
}

function child(role: string, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(import.meta.url), ['--role', role, ...args]);
}

function openStore(folder: string) {
  return openContentStore({
    indexPath: join(folder, 'content.db'),
    packDirectories: [join(folder, 'packs')],
  });
}

async function tcpServe(): Promise<void> {
  const server = createServer((socket) => {
    void pipeline(createReadStream(join(values.folder, 'plain'), { highWaterMark: MiB }), socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
  const began = start();
  await untilEnd();
  server.close();
  report(began);
}

async function tcpFetch(): Promise<void> {
  const began = start();
  const file = await open(join(values.folder, 'copy'), 'w');
  const socket = createConnection({ host: '127.0.0.1', port: Number(values.peer) });
  await pipeline(socket, file.createWriteStream({ highWaterMark: MiB, flush: true }));
  report(began);
}

async function oursServe(): Promise<void> {
  await using content = await openStore(values.folder);
  await using network = await openSockets(['/ip4/127.0.0.1/tcp/0']);
  const server = { content, mayHave: () => true, onDamage: () => {}, pace: async () => {} };
  network.handle(BYTES_PROTOCOL, (stream, signal) => serveBytes(server, stream, signal));
  process.send?.(network.addresses[0]);
  const began = start();
  await untilEnd();
  report(began);
}

async function oursFetch(): Promise<void> {
  await using content = await openStore(values.folder);
  await using network = await openSockets([]);
  // Written by `fill`.
  const assets = JSON.parse(
    await readFile(join(values.folder, 'assets.json'), 'utf8'),
  ) as WantedAsset[];
  const feed: WantedFeed = {
    next: (limit) => ({ assets: assets.splice(0, limit), isEnd: assets.length === 0 }),
  };
  const pacer = new Pacer({}, Date.now, async () => {});
  const replicator = new Replicator({
    network,
    content,
    wanted: () => feed,
    pacer,
    reserveBytes: 0,
  });
  await network.dial(values.peer);
  const began = start();
  const pass = await replicator.pass(new AbortController().signal);
  report(began);
  if (pass.unmet > 0 || pass.failures.length > 0) throw new Error(JSON.stringify(pass));
}

function openSockets(listen: readonly string[]) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const did = didFromPublicKey(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  return openNetwork({
    did,
    seed,
    listen,
    admits: () => 'member',
    clock: Date.now,
  });
}

async function untilEnd(): Promise<void> {
  await once(process, 'message');
}

function start(): { readonly at: number; readonly cpu: NodeJS.CpuUsage } {
  return { at: performance.now(), cpu: process.cpuUsage() };
}

function report(began: ReturnType<typeof start>): void {
  const { user, system } = process.cpuUsage(began.cpu);
  const cost: Cost = {
    seconds: (performance.now() - began.at) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(cost, () => process.disconnect());
}
