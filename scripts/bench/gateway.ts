import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

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
const TICKS_PER_SECOND = 100;
const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;

interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pids: readonly number[];
}

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
    await using nginx = await startNginx(folder);
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
  const child = spawn(process.execPath, [MAIN, '--home', home, 'serve'], {
    stdio: 'ignore',
    // Neither server writes a line for each request.
    env: { ...process.env, RINGFENCE_LOG__REQUESTS: 'false' },
  });
  const told = join(home, 'node.json');
  const { url } = await eventually(async () => JSON.parse(await readFile(told, 'utf8')));
  return {
    url: `${url}/ipfs/${cid}`,
    pids: [child.pid ?? 0],
    [Symbol.asyncDispose]: () => ended(child),
  };
}

async function startNginx(folder: string): Promise<Server> {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
     events { worker_connections 256; }
     http { sendfile on; access_log off; keepalive_requests 1000000;
            client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
            fastcgi_temp_path ${folder}/fcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
            server { listen 127.0.0.1:${port}; root ${folder}/files; } }`,
  );
  const child = spawn('nginx', ['-c', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/file.bin`;
  await eventually(async () => (await fetch(url, { method: 'HEAD' })).status);
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  const pids = children.trim().split(' ').map(Number);
  return { url, pids, [Symbol.asyncDispose]: () => ended(child) };
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

async function timed(pids: readonly number[], work: () => Promise<void>) {
  const [start, cpu] = [performance.now(), cpuSeconds(pids)];
  await work();
  const used = Math.max(cpuSeconds(pids) - cpu, 1 / TICKS_PER_SECOND);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: used };
}

/** User and system time so far: fields 14 and 15 of /proc/PID/stat, behind the name in brackets. */
function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries > 300) throw error;
      await setTimeout(100);
    }
  }
}

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
