import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const TICKS_PER_SECOND = 100;
const MAIN = new URL('../../../src/cli/main.ts', import.meta.url).pathname;

/** A server in processes of its own, ended when it is disposed. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pids: readonly number[];
}

/** Starts the node of a home, with nothing logged for each request. */
export async function startNode(
  home: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const told = join(home, 'node.json');
  await rm(told, { force: true });
  const child = spawn(process.execPath, [MAIN, '--home', home, 'serve'], {
    stdio: 'ignore',
    env: { ...process.env, RINGFENCE_LOG__REQUESTS: 'false', ...variables },
  });
  const { url } = await eventually(async () => JSON.parse(await readFile(told, 'utf8')));
  return { url, pids: [child.pid ?? 0], [Symbol.asyncDispose]: () => ended(child) };
}

/** Starts nginx with one worker and `sendfile` over the files of a folder that everybody may read. */
export async function startNginx(scratch: string, files: string): Promise<Server> {
  const port = await freePort();
  const config = join(scratch, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${scratch}/nginx.pid; error_log ${scratch}/error.log;
     events { worker_connections 256; }
     http { sendfile on; access_log off; keepalive_requests 1000000;
            client_body_temp_path ${scratch}/body; proxy_temp_path ${scratch}/proxy;
            fastcgi_temp_path ${scratch}/fcgi; uwsgi_temp_path ${scratch}/uwsgi; scgi_temp_path ${scratch}/scgi;
            server { listen 127.0.0.1:${port}; root ${files}; } }`,
  );
  const child = spawn('nginx', ['-c', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(url, { method: 'HEAD' })).status);
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  const pids = children.trim().split(' ').map(Number);
  return { url, pids, [Symbol.asyncDispose]: () => ended(child) };
}

/** Does some work, and returns what it took: by the clock, and of the processor in the server's threads. */
export async function timed(pids: readonly number[], work: () => Promise<void>) {
  const [start, cpu] = [performance.now(), cpuSeconds(pids)];
  await work();
  const used = Math.max(cpuSeconds(pids) - cpu, 1 / TICKS_PER_SECOND);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: used };
}

/** Tries until it works, for half a minute. */
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

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
