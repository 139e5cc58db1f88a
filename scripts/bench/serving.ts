import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { Cid } from '../../src/core/cid.ts';
import { hasProgram } from '../../test/support/has-program.ts';
import { openReleaseHome } from '../../test/support/release-home.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { median, type Server, startNginx, startNode, timed } from './serving/servers.ts';
import { pictures } from './serving/works.ts';

/**
 * The shards of a release of pictures as `curl` and PyTorch read them, on loopback, in the same run: by nginx
 * with sendfile from exported files, by a node from blocks, and by a node that keeps whole shards as files.
 * `npm run bench -- serving [--pictures N] [--rounds N] [--python PROGRAM]` prints the ratios to nginx and keeps
 * them in `results/serving.json`. Processor time is that of the server alone, all threads, in ticks of 10 ms.
 * Skipped without nginx and curl; without torch, webdataset and Pillow in that Python nothing is loaded.
 */
const { values: given } = parseArgs({
  options: {
    pictures: { type: 'string', default: '1200' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: process.env['RINGFENCE_PYTHON'] ?? 'python3' },
  },
});
/** How often every shard is fetched in a round. */
const PASSES = 30;
/** How often every sample is loaded in a round. */
const EPOCHS = 1;
/** How often every shard is fetched before that. */
const WARMING = 6;
const SHARDS = 'd/works/1.0.0';
const LOADER = fileURLToPath(new URL('serving/load.py', import.meta.url));
/** What a node may keep as files where it does: more than all shards of the release. */
const HOT = { RINGFENCE_RELEASES__HOT_BYTES: String(2 ** 30) };

const run = promisify(execFile);

interface Measured {
  readonly server: string;
  readonly mbPerSecond: number;
  readonly mbPerCpuSecond: number;
  /** Null without torch. */
  readonly loadedPerSecond: number | null;
}

const missing = ['nginx', 'curl'].filter((name) => spawnSync(name, ['-V']).error !== undefined);
if (missing.length > 0) console.log(`skipped: ${missing.join(' and ')} not installed`);
else await bench(Number(given.rounds));

async function bench(rounds: number): Promise<void> {
  await using home = await openReleaseHome(await pictures(Number(given.pictures)));
  await home.show('public');
  const { releases } = home.node.archive;
  const release = home.release as Cid;
  const { shards } = await releases.manifest(release);
  const bytes = shards.reduce((sum, { size }) => sum + size, 0);
  using scratch = temporaryFolder();
  const files = join(scratch.path, 'files');
  await releases.export(release, join(files, SHARDS));
  // Whoever serves opens the home in a process of its own. The worker of nginx is another user.
  await home.node[Symbol.asyncDispose]();
  await run('chmod', ['-R', 'a+rX', scratch.path]);
  const torch = hasProgram(
    given.python,
    '-cimport torch, webdataset, PIL\nprint("is here")',
    /is here/,
  );
  if (!torch) console.log(`nothing is loaded: ${given.python} has no torch, webdataset and Pillow`);
  const starts: Readonly<Record<string, () => Promise<Server>>> = {
    nginx: () => startNginx(scratch.path, files),
    live: () => startNode(home.path),
    materialised: () => startNode(home.path, HOT),
  };
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, start] of Object.entries(starts)) {
      await using server = await start();
      const urls = shards.map((shard) => `${server.url}/${SHARDS}/${shard.name}`);
      measured.push(await measure(name, server, { urls, bytes, torch }));
    }
  }
  console.table(measured);
  const ratios = ratiosOf(measured);
  console.table(ratios);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const load = loadavg().map((one) => Number(one.toFixed(1)));
  const of = {
    shards: shards.length,
    megabytes: Math.round(bytes / 1e6),
    pictures: given.pictures,
  };
  const kept = { date: new Date().toISOString(), machine, load, rounds, ...of, ratios, measured };
  const path = new URL('results/serving.json', import.meta.url);
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
}

async function measure(
  name: string,
  { pids }: Server,
  { urls, bytes, torch }: { urls: readonly string[]; bytes: number; torch: boolean },
): Promise<Measured> {
  // Code is compiled meanwhile, and shards that are asked for again are kept.
  for (let pass = 0; pass < WARMING; pass += 1) await fetched(urls, bytes);
  const { seconds, cpuSeconds } = await timed(pids, async () => {
    for (let pass = 0; pass < PASSES; pass += 1) await fetched(urls, bytes);
  });
  const megabytes = (PASSES * bytes) / 1e6;
  return {
    server: name,
    mbPerSecond: Math.round(megabytes / seconds),
    mbPerCpuSecond: Math.round(megabytes / cpuSeconds),
    loadedPerSecond: torch ? await loaded(urls) : null,
  };
}

/** Fetches the shards one after another over one connection. */
async function fetched(urls: readonly string[], bytes: number): Promise<void> {
  const into = urls.flatMap((url) => ['-o', '/dev/null', url]);
  const told = ['-w', '%{size_download}\n'];
  const { stdout } = await run('curl', ['-fsS', ...told, ...into]);
  const sum = stdout.trim().split('\n').map(Number);
  const got = sum.reduce((all, one) => all + one, 0);
  if (got !== bytes) throw new Error(`${got} bytes came of ${bytes}`);
}

/** Returns how many samples a second a training loop gets. */
async function loaded(urls: readonly string[]): Promise<number> {
  const { stdout } = await run(given.python, [LOADER, String(EPOCHS), ...urls]);
  const { samples, seconds } = JSON.parse(stdout);
  return Math.round(samples / seconds);
}

/** Each server's figures as parts of those of nginx; of a few rounds the median. */
function ratiosOf(measured: readonly Measured[]) {
  const servers = Map.groupBy(measured, ({ server }) => server);
  const of = (server: string, key: Exclude<keyof Measured, 'server'>) =>
    median((servers.get(server) ?? []).map((one) => one[key] ?? Number.NaN));
  const ratio = (server: string, key: Exclude<keyof Measured, 'server'>) =>
    Number((of(server, key) / of('nginx', key)).toFixed(3));
  return Object.fromEntries(
    ['live', 'materialised'].map((server) => [
      server,
      {
        wall: ratio(server, 'mbPerSecond'),
        cpu: ratio(server, 'mbPerCpuSecond'),
        loader: ratio(server, 'loadedPerSecond'),
      },
    ]),
  );
}
