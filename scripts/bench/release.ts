import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openContentStore } from '../../src/content/open-content-store.ts';
import type { ReleaseProgress } from '../../src/core/ports/release.ts';
import { collectMembers } from '../../src/release/members/collect-members.ts';
import { composeShards } from '../../src/release/shards/compose-shards.ts';
import { openSampleTables } from '../../src/release/tables/sample-tables.ts';
import { releaseSeal } from '../../test/support/release-seal.ts';
import { measure, type Row } from './release/measure.ts';
import { requestFor, stored, unstored } from './release/members.ts';
import { releasesOver } from './release/releases-over.ts';
import { revise } from './release/revise.ts';

/**
 * Releases over a content store in packs. `node scripts/bench/release.ts [--members N] [--stored N] [--revised N]`
 * prints a table and keeps it in `results/release.json`.
 *
 * - compose: N members (100,000) of 40 to 60 KB that are known by CID and sizes only, which is all
 *   that composing needs; until everything is durable.
 * - cut, verify, export: N assets (20,000) of about 20 KB, really stored, through the whole use.
 * - withhold, tables: N assets (100,000) of 1 to 9 KB, stored, in shards of up to 256 MiB: one is withdrawn;
 *   until its shard is composed again and durable, and then until the tables of the revision are on disk.
 */

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100000' },
    stored: { type: 'string', default: '20000' },
    revised: { type: 'string', default: '100000' },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
try {
  const rows: Row[] = [];
  const composed = await compose(Number(values.members), rows);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  await cutStored(Number(values.stored), rows);
  const revised = await revise(Number(values.revised), folder, rows);
  console.table(rows);
  const figures = { ...composed, ...revised, peakMiB };
  console.table([figures]);
  const result = { at: new Date().toISOString(), machine: machine(), rows, ...figures };
  const kept = new URL('results/release.json', import.meta.url);
  await writeFile(kept, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function compose(count: number, rows: Row[]) {
  await using content = await openContentStore({
    indexPath: join(folder, 'compose.db'),
    packDirectories: [join(folder, 'compose')],
  });
  const request = requestFor('compose');
  const told = await measure('compose', count, undefined, rows, async () => {
    await using collected = await collectMembers(request, unstored(count), folder, {});
    await using tables = openSampleTables(request, content, folder);
    const shards = await composeShards(collected.sorted(), content, {
      request,
      limitOf: collected.limitOf,
      onSample: (sample) => tables.add(sample),
    });
    const files = await tables.finish();
    await content.sync(shards.map(({ cid }) => cid));
    return { shards, tables: files.reduce((sum, { size }) => sum + size, 0) };
  });
  const glue = told.shards.reduce((sum, { glueBytes }) => sum + glueBytes, 0);
  return {
    shards: told.shards.length,
    extraBytesPerAsset: Math.round(glue / count),
    tableBytesPerAsset: Math.round(told.tables / count),
  };
}

async function cutStored(count: number, rows: Row[]): Promise<void> {
  await using content = await openContentStore({
    indexPath: join(folder, 'cut.db'),
    packDirectories: [join(folder, 'cut')],
  });
  const members = await stored(count, content, (index) => 10_000 + ((index * 7919) % 20_000));
  const bytes = members.reduce((sum, { size }) => sum + size, 0);
  const { releases } = releasesOver(content, folder);
  let hashing = 0;
  const onProgress = ({ step }: ReleaseProgress) => {
    if (step === 'hash' && hashing === 0) hashing = performance.now();
  };
  const started = performance.now();
  const { release } = await measure('cut, hashing included', count, bytes, rows, () =>
    releases.cut(requestFor('cut'), members, releaseSeal(), { onProgress }),
  );
  const share = (hashing - started) / (performance.now() - started);
  console.log(`composing took ${Math.round(share * 100)} % of the cut`);
  await measure('verify', count, bytes, rows, () => releases.verify(release));
  const out = join(folder, 'out');
  await measure('export', count, bytes, rows, () => releases.export(release, out));
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, Node ${process.version}`;
}
