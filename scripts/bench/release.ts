import { createHash, hash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openContentStore } from '../../src/content/open-content-store.ts';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { encodePolicy } from '../../src/core/policy/documents.ts';
import { SHIPPED_POLICIES } from '../../src/core/policy/shipped.ts';
import type {
  ReleaseMember,
  ReleaseProgress,
  ReleaseRequest,
} from '../../src/core/ports/release.ts';
import { verifySignature } from '../../src/ledger/verify-signature.ts';
import { collectMembers } from '../../src/release/collect-members.ts';
import { composeShards } from '../../src/release/compose-shards.ts';
import { createReleases } from '../../src/release/create-releases.ts';
import { openRevisionTables } from '../../src/release/open-revision-tables.ts';
import { openSampleTables } from '../../src/release/sample-tables.ts';
import { maker } from '../../test/support/release-members.ts';
import { releaseSeal } from '../../test/support/release-seal.ts';

/**
 * Releases over a content store in packs. `node scripts/bench/release.ts [--members N] [--stored N]`
 * prints a table and keeps it in `results/release.json`.
 *
 * - compose: N members (100,000) of 40 to 60 KB that are known by CID and sizes only, which is all
 *   that composing needs; until everything is durable.
 * - cut, verify, export: N assets (20,000) of about 20 KB, really stored, through the whole use.
 */

interface Row {
  readonly step: string;
  readonly assets: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly assetsPerSecond: number;
  readonly mibPerSecond: number | null;
  readonly longestPauseMs: number;
}

const STATE = toEntryHash(cidFromDigest(CODEC.dagCbor, hash('sha256', 'state', 'buffer')));

const digest = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100000' },
    stored: { type: 'string', default: '20000' },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
try {
  const rows: Row[] = [];
  const composed = await compose(Number(values.members), rows);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  await cutStored(Number(values.stored), rows);
  console.table(rows);
  console.table([{ ...composed, peakMiB }]);
  const result = { at: new Date().toISOString(), machine: machine(), rows, ...composed, peakMiB };
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
  const members: ReleaseMember[] = [];
  for (let index = 0; index < count; index += 1) {
    const bytes = randomBytes(10_000 + ((index * 7919) % 20_000));
    const { cid, dagSize } = await content.putFile({ bytes });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    members.push(member(index, { cid, size: bytes.length, dagSize, sha256 }));
  }
  await content.sync(members.map(({ cid }) => cid));
  const bytes = members.reduce((sum, { size }) => sum + size, 0);
  const parts = { content, scratch: folder };
  const revisionTables = openRevisionTables(join(folder, 'revisions'), parts);
  const releases = createReleases({ ...parts, verifySignature, revisionTables });
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

async function measure<T>(
  step: string,
  assets: number,
  bytes: number | undefined,
  rows: Row[],
  work: () => Promise<T>,
): Promise<T> {
  const pauses = monitorEventLoopDelay({ resolution: 5 });
  pauses.enable();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  pauses.disable();
  rows.push({
    step,
    assets,
    seconds: round(seconds),
    cpuSeconds: round((user + system) / 1e6),
    assetsPerSecond: Math.round(assets / seconds),
    mibPerSecond: bytes === undefined ? null : Math.round(bytes / seconds / 1024 / 1024),
    longestPauseMs: Math.round(pauses.max / 1e6),
  });
  return result;
}

function* unstored(count: number): Iterable<ReleaseMember> {
  for (let index = 0; index < count; index += 1) {
    const sum = digest(Buffer.from(`asset ${index}`));
    const size = 40_000 + ((index * 7919) % 20_000);
    const cid = cidFromDigest(CODEC.raw, sum);
    yield member(index, { cid, size, dagSize: size, sha256: Buffer.from(sum).toString('hex') });
  }
}

function member(
  index: number,
  file: Pick<ReleaseMember, 'cid' | 'size' | 'dagSize' | 'sha256'>,
): ReleaseMember {
  return {
    ...file,
    mediaType: 'image/jpeg',
    title: `Harbour at dawn, study ${index}, pencil on paper`,
    makers: [maker(`Maker number ${index % 977}`)],
    licence: index % 2 === 0 ? 'CC0-1.0' : 'CC-BY-4.0',
    source: 'doi:10.5281/zenodo.1234567',
    deposit: `${STATE}/${index % 1024}`,
    records: [],
    work: null,
    level: 'H2',
    selfVetted: false,
  };
}

function requestFor(name: string): ReleaseRequest {
  const [policy] = SHIPPED_POLICIES;
  if (policy === undefined) throw new Error('no policy is shipped');
  return {
    name,
    version: '1.0.0',
    at: '2026-11-22T14:28:34Z',
    purpose: 'ai_generative_training',
    requester: 'anyone',
    policy: { cid: encodePolicy(policy, digest).cid, policy },
    state: STATE,
    query: '',
    seed: 'seed',
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, Node ${process.version}`;
}
