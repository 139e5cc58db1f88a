import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** Kubo: named by RINGFENCE_IPFS, on the path, or what `npm run interop` has built; undefined without. */
export const kuboProgram: string | undefined = [
  process.env['RINGFENCE_IPFS'],
  'ipfs',
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ringfence-interop', 'ipfs'),
].find((path) => path !== undefined && spawnSync(path, ['version']).status === 0);

/** A Kubo daemon on the loopback that finds nobody by itself. */
export interface KuboNode extends AsyncDisposable {
  /** Returns what `ipfs` prints; rejects if it fails, or takes longer than a minute. */
  ipfs(...args: string[]): Promise<string>;
  /** Where it can be called, with its key. */
  readonly address: string;
  /** `http://127.0.0.1:PORT` of its gateway. */
  readonly gateway: string;
}

/** `settings` are set beside those that keep it to itself, by their names, as JSON. */
export async function startKubo(
  program: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<KuboNode> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(temporaryFolder());
  const env = { ...process.env, IPFS_PATH: join(folder.path, 'repository') };
  const ipfs = async (...args: string[]) => {
    const { stdout } = await run(program, args, { env, timeout: 60_000, maxBuffer: 2 ** 28 });
    return stdout.trim();
  };
  await ipfs('init', '--empty-repo', '--profile=test');
  await ipfs('config', 'Routing.Type', 'none');
  await ipfs('config', '--json', 'AutoConf.Enabled', 'false');
  for (const [name, value] of Object.entries(settings)) await ipfs('config', '--json', name, value);
  const daemon = spawn(program, ['daemon'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(daemon, 'exit');
  started.defer(async () => {
    daemon.kill();
    await ended;
  });
  for await (const line of createInterface({ input: daemon.stdout })) {
    if (line.includes('Daemon is ready')) break;
  }
  daemon.stdout.resume();
  const { Addresses, ID } = JSON.parse(await ipfs('id'));
  const found = (Addresses as string[]).find((one) => one.startsWith('/ip4/127.0.0.1/tcp/'));
  if (found === undefined) throw new Error(`Kubo ${ID} listens nowhere`);
  const gateway = await readFile(join(env.IPFS_PATH, 'gateway'), 'utf8');
  const running = started.move();
  return { ipfs, address: found, gateway, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
