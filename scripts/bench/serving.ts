import { execFile, spawnSync } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
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
 * them in `results/serving.json`. The servers take turns in each round, and what counts is the median of the
 * rounds' ratios, so that whatever else the machine does meets all of them. Processor time is that of the server
 * alone, all threads, in ticks of 10 ms. Skipped without nginx and curl; without torch, webdataset and Pillow in
 * that Python nothing is loaded.
 */
const { values: given } = parseArgs({
  options: {
    pictures: { type: 'string', default: '1200' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string', default: process.env['RINGFENCE_PYTHON'] ?? 'python3' },
  },
});
/** How often every shard is fetched in a round. */
const PASSES = 15;
/** How often every shard is fetched before that: code is compiled, and files are made of what is asked for again. */
const WARMING = 10;
const SHARDS = 'd/works/1.0.0';
const LOADER = fileURLToPath(new URL('serving/load.py', import.meta.url));
/** What a node may keep as files where it does: more than all shards of the release. */
const HOT = { RINGFENCE_RELEASES__HOT_BYTES: String(2 ** 30) };

const run = promisify(execFile);

type Kind = 'nginx' | 'live' | 'materialised';
type ByKind<T> = Readonly<Record<Kind, T>>;
const KINDS: readonly Kind[] = ['nginx', 'live', 'materialised'];

interface Fetched {
  readonly mbPerSecond: number;
  readonly mbPerCpuSecond: number;
}

/** A server and what is to be had of it. */
interface Offer extends Server {
  readonly urls: readonly string[];
  readonly bytes: number;
}

const missing = ['nginx', 'curl'].filter((name) => spawnSync(name, ['-V']).error !== undefined);
if (missing.length > 0) console.log(`skipped: ${missing.join(' and ')} not installed`);
else await bench(Number(given.rounds));

async function bench(rounds: number): Promise<void> {
  await using home = await openReleaseHome(await pictures(Number(given.pictures)));
  await home.show('public');
  const { releases } = home.node.archive;
  const { shards } = await releases.manifest(home.release as Cid);
  using scratch = temporaryFolder();
  const files = join(scratch.path, 'files');
  await releases.export(home.release as Cid, join(files, SHARDS));
  // Nodes open a home each in processes of their own. The worker of nginx is another user.
  await home.node[Symbol.asyncDispose]();
  await run('chmod', ['-R', 'a+rX', scratch.path]);
  const twin = join(scratch.path, 'twin');
  await cp(home.path, twin, { recursive: true });
  await using nginx = await startNginx(scratch.path, files);
  await using live = await startNode(home.path);
  await using materialised = await startNode(twin, HOT);
  const bytes = shards.reduce((sum, { size }) => sum + size, 0);
  const offerOf = (server: Server): Offer => {
    const urls = shards.map((shard) => `${server.url}/${SHARDS}/${shard.name}`);
    return { ...server, urls, bytes };
  };
  const offers = {
    nginx: offerOf(nginx),
    live: offerOf(live),
    materialised: offerOf(materialised),
  };
  const fetchedRounds: ByKind<Fetched>[] = [];
  for (const kind of KINDS) await fetchAll(offers[kind], WARMING);
  for (let round = 0; round < rounds; round += 1) {
    const measured: Partial<Record<Kind, Fetched>> = {};
    for (const kind of KINDS) measured[kind] = await fetchAll(offers[kind], PASSES);
    console.table(measured);
    fetchedRounds.push(measured as ByKind<Fetched>);
  }
  const loaded = await loadAll(offers, rounds);
  console.table(loaded);
  const ratios = Object.fromEntries(
    (['live', 'materialised'] as const).map((kind) => [
      kind,
      {
        wall: ratioOf(fetchedRounds.map((one) => one[kind].mbPerSecond / one.nginx.mbPerSecond)),
        cpu: ratioOf(
          fetchedRounds.map((one) => one[kind].mbPerCpuSecond / one.nginx.mbPerCpuSecond),
        ),
        loader: loaded && ratioOf(loaded[kind].map((rate, at) => rate / (loaded.nginx[at] ?? 0))),
      },
    ]),
  );
  console.table(ratios);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const load = loadavg().map((one) => Number(one.toFixed(1)));
  const of = {
    shards: shards.length,
    megabytes: Math.round(bytes / 1e6),
    pictures: given.pictures,
  };
  const told = { date: new Date().toISOString(), machine, load, rounds, ...of };
  const kept = { ...told, ratios, fetched: fetchedRounds, loadedPerSecond: loaded };
  const path = new URL('results/serving.json', import.meta.url);
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
}

async function fetchAll({ pids, urls, bytes }: Offer, passes: number): Promise<Fetched> {
  const { seconds, cpuSeconds } = await timed(pids, async () => {
    for (let pass = 0; pass < passes; pass += 1) await fetchOnce(urls, bytes);
  });
  const megabytes = (passes * bytes) / 1e6;
  return {
    mbPerSecond: Math.round(megabytes / seconds),
    mbPerCpuSecond: Math.round(megabytes / cpuSeconds),
  };
}

/** Fetches the shards one after another over one connection. */
async function fetchOnce(urls: readonly string[], bytes: number): Promise<void> {
  const into = urls.flatMap((url) => ['-o', '/dev/null', url]);
  const { stdout } = await run('curl', ['-fsS', '-w', '%{size_download}\n', ...into]);
  const sizes = stdout.trim().split('\n').map(Number);
  const got = sizes.reduce((all, one) => all + one, 0);
  if (got !== bytes) throw new Error(`${got} bytes came of ${bytes}`);
}

/** Returns how many samples a second a training loop gets of each, round by round; null without torch. */
async function loadAll(
  offers: ByKind<Offer>,
  rounds: number,
): Promise<ByKind<readonly number[]> | null> {
  const asked = '-cimport torch, webdataset, PIL\nprint("is here")';
  if (!hasProgram(given.python, asked, /is here/)) {
    console.log(`nothing is loaded: ${given.python} has no torch, webdataset and Pillow`);
    return null;
  }
  const named = KINDS.map((kind) => `${kind}=${offers[kind].urls.join()}`);
  const { stdout } = await run(given.python, [LOADER, String(rounds), ...named]);
  return JSON.parse(stdout);
}

function ratioOf(rounds: readonly number[]): number {
  return Number(median(rounds).toFixed(3));
}
