import { hash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LiveReleases } from '../../src/archive/live/live-releases.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { cutRelease } from '../../src/archive/releasing/cut-release.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { custodyOf, deposits, disputeOf, type ToldFile } from './catalog/made-up-assets.ts';

/**
 * Withdraws works of a large release, one after another: from what is said being put into the ledger until
 * the release is served without the work, its shard composed again and durable, its list signed.
 * `npm run bench -- withdraw [--assets 100000]` prints a table and keeps it in `results/withdraw.json`.
 *
 * Assets of 1 to 9 KB are stored and deposited in a real archive, and cut to shards of up to 256 MiB. Tables of
 * the revisions are written beside it, as always.
 */
const { values } = parseArgs({ options: { assets: { type: 'string', default: '100000' } } });
const PER_ENTRY = 500;
const WITHDRAWALS = 5;

interface Withdrawal {
  /** Until the catalog shows it, and until the release is served without the work. */
  readonly shownMs: number;
  readonly servedMs: number;
  readonly cpuMs: number;
  /** Blocks that were stored for it. */
  readonly bytes: number;
}

await bench(Number(values.assets));

async function bench(count: number): Promise<void> {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  await foundArchive(home, { name: 'Bench', institution: 'Bench' });
  await using archive = await openArchive(home);
  const files = await deposited(count, archive);
  const { release, assets, shards } = await cutRelease(
    {
      ...{ purpose: 'ai_generative_training', requester: 'anyone', policy: 'corroborated' },
      ...{ name: 'bench', version: '1.0.0', at: timestampOf(archive.clock), filter: {} },
      ...{ seed: '', url: '', maxShardBytes: 256 * 2 ** 20 },
    },
    archive,
  );
  if (assets !== count) throw new Error(`${assets} of ${count} assets are in the release`);
  await using live = new LiveReleases(archive, ({ text }) => console.error(text), { revised() {} });
  await live.view(release);
  const withdrawals: Withdrawal[] = [];
  for (const { asset } of files.slice(count >> 1).slice(0, WITHDRAWALS)) {
    withdrawals.push(await withdraw(asset, release, live, archive));
  }
  console.table(withdrawals);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const load = loadavg().map((one) => Number(one.toFixed(1)));
  const told = { date: new Date().toISOString(), machine, load, assets, shards: shards.length };
  const path = new URL('results/withdraw.json', import.meta.url);
  await writeFile(path, `${JSON.stringify({ ...told, withdrawals }, null, 2)}\n`);
}

async function deposited(
  count: number,
  { content, ledger, catalog }: OpenedArchive,
): Promise<readonly ToldFile[]> {
  const files: ToldFile[] = [];
  for (let i = 0; i < count; i += 1) {
    const bytes = randomBytes(1_000 + ((i * 7919) % 8_000));
    const { cid: asset, size } = await content.putFile({ bytes });
    const sum = hash('sha256', bytes);
    const told = { mediaType: 'image/png', licence: 'CC0-1.0', isGenerated: false };
    files.push({ asset, size, sha256: sum, ...told });
  }
  await content.sync(files.map(({ asset }) => asset));
  for (let start = 0; start < count; start += PER_ENTRY) {
    const end = Math.min(count, start + PER_ENTRY);
    await ledger.append(deposits(start, end, (i) => files[i] as ToldFile));
  }
  const set = createSet(
    files.map(({ asset }) => asset),
    sha256,
  );
  const custody = custodyOf(set.cid, ledger);
  await ledger.append({ statements: [custody], records: [], documents: set.blocks });
  await catalog.catchUp();
  return files;
}

async function withdraw(
  asset: ToldFile['asset'],
  release: Parameters<LiveReleases['view']>[0],
  live: LiveReleases,
  { ledger, catalog, content }: OpenedArchive,
): Promise<Withdrawal> {
  const { bytes: before } = await content.stats();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await ledger.append({ statements: [disputeOf(asset)], records: [], documents: [] });
  await catalog.catchUp();
  const shown = performance.now();
  const view = await live.view(release);
  const served = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  if (view?.withdrawn.has(asset) !== true) throw new Error(`${asset} is served still`);
  const { bytes: after } = await content.stats();
  return {
    shownMs: Math.round(shown - started),
    servedMs: Math.round(served - started),
    cpuMs: Math.round((user + system) / 1000),
    bytes: after - before,
  };
}
