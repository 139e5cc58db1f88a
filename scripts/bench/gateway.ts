import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, type Server, startNginx, startNode, timed } from './serving/servers.ts';

/**
 * Files over HTTP beside nginx with sendfile, on loopback, in the same run: a file of 100 MB as a whole,
 * and ranges of 20 KB of it from eight connections. `npm run bench -- gateway [ROUNDS]` prints the ratios
 * and keeps them in `results/gateway.json`. Processor time is that of the server alone, all threads, in
 * ticks of 10 ms. Skipped without nginx.
 */
const SIZE = 100_000_000;
const RANGE = 20_000;
const WHOLE = 8;
const RANGES = 8_000;
const CONNECTIONS = 8;
const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;

interface Measured {
  readonly server: string;
  readonly mbPerSecond: number;
  readonly mbPerCpuSecond: number;
  readonly rangesPerSecond: number;
  readonly rangesPerCpuSecond: number;
}

if (spawnSync('nginx', ['-v']).status !== 0) {
  console.log('skipped: nginx is not installed (apt-get install nginx-light)');
} else {
  await bench(Number(process.argv[2] ?? 3));
}

async function bench(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-gateway-'));
  try {
    // The worker of nginx is another user.
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files', 'file.bin'), randomBytes(SIZE));
    const measured: Measured[] = [];
    await using ours = await startRingfence(folder);
    await using server = await startNginx(folder, join(folder, 'files'));
    const nginx = { ...server, url: `${server.url}/file.bin` };
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, server] of [
        ['nginx', nginx],
        ['ringfence', ours],
      ] as const) {
        const one = await measure(name, server);
        // The first round warms both up.
        if (round > 0) measured.push(one);
      }
    }
    console.table(measured);
    const of = (server: string, key: Exclude<keyof Measured, 'server'>) =>
      median(measured.filter((one) => one.server === server).map((one) => one[key]));
    const ratio = (key: Exclude<keyof Measured, 'server'>) =>
      Number((of('ringfence', key) / of('nginx', key)).toFixed(3));
    const ratios = {
      whole: { wall: ratio('mbPerSecond'), cpu: ratio('mbPerCpuSecond') },
      ranges: { wall: ratio('rangesPerSecond'), cpu: ratio('rangesPerCpuSecond') },
    };
    console.log(ratios);
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
    const load = loadavg().map((one) => Number(one.toFixed(1)));
    const kept = { date: new Date().toISOString(), machine, load, rounds, ratios, measured };
    const path = new URL('results/gateway.json', import.meta.url);
    await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function startRingfence(folder: string): Promise<Server> {
  const home = join(folder, 'home');
  const run = (...args: string[]) => {
    const all = [MAIN, '--home', home, '--json', ...args];
    const ran = spawnSync(process.execPath, all, { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(ran.stderr);
    return ran.stdout;
  };
  run('init', '--name', 'Bench', '--institution', 'Bench');
  run('ingest', join(folder, 'files'), '--all', '--collection', 'open');
  run('collection', 'set', 'open', '--public');
  const { cid } = JSON.parse(run('list').split('\n')[0] ?? '');
  const server = await startNode(home);
  return { ...server, url: `${server.url}/ipfs/${cid}` };
}

async function measure(server: string, { url, pids }: Server): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const whole = await timed(pids, async () => {
    for (let at = 0; at < WHOLE; at += 1) await fetched(url, agent, undefined, SIZE);
  });
  let left = RANGES;
  const ranges = await timed(pids, async () => {
    const one = async () => {
      while (left > 0) {
        left -= 1;
        const from = (left * 7_919_333) % (SIZE - RANGE);
        await fetched(url, agent, `bytes=${from}-${from + RANGE - 1}`, RANGE);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
  });
  agent.destroy();
  const bytes = (WHOLE * SIZE) / 1e6;
  return {
    server,
    mbPerSecond: Math.round(bytes / whole.seconds),
    mbPerCpuSecond: Math.round(bytes / whole.cpuSeconds),
    rangesPerSecond: Math.round(RANGES / ranges.seconds),
    rangesPerCpuSecond: Math.round(RANGES / ranges.cpuSeconds),
  };
}

function fetched(
  url: string,
  agent: Agent,
  range: string | undefined,
  size: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = range === undefined ? {} : { range };
    get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => (bytes === size ? resolve() : reject(new Error(`${bytes} bytes`))));
      response.on('error', reject);
    }).on('error', reject);
  });
}
