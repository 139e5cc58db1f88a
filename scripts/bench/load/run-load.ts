import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { type Home, homeIn } from './homes.ts';
import { type MemoryOverTime, processorSeconds, watchMemory } from './memory.ts';

const TEXT_BYTES = 20_000;
const LARGE_BYTES = 4_000_000;
const STORED = 300;
/** Answers by which the node asks for patience; all others are failures. */
const PATIENCE = ['429', '503'];

export interface LoadOptions {
  readonly seconds: number;
  readonly connections: number;
  /** Files that each of the two homes takes in meanwhile. */
  readonly ingested: number;
}

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number };
  readonly longestMs: number;
  /** Requests without an answer. */
  readonly failed: number;
  /** Answers that asked to come back later. */
  readonly putOff: number;
  /** Other answers that were no success, by their status. */
  readonly refused: Readonly<Record<string, number>>;
  /** Assets that the node took in itself, and that it heard of from its partner, meanwhile. */
  readonly ingested: number;
  readonly synced: number;
  /** Processor time of the node for all of it, its threads included. */
  readonly processorSeconds: number;
  readonly memory: MemoryOverTime;
}

/**
 * Asks a node for everything that readers ask for, while it takes files in and its partner does the same
 * and has it take the entries. Node and partner are processes of their own in `folder`, which is emptied.
 */
export async function runLoad(folder: string, options: LoadOptions): Promise<Load> {
  const archive = homeIn(join(folder, 'archive'));
  const studio = homeIn(join(folder, 'studio'));
  await archive.run('init', '--name', 'Load', '--institution', 'House');
  const large = join(folder, 'large');
  await mkdir(large, { recursive: true });
  await writeFile(join(large, 'large.txt'), words(LARGE_BYTES, 0));
  await archive.run('ingest', await texts(join(folder, 'stored'), STORED, 1), large, '--all');
  await archive.run('collection', 'set', 'main', '--public');
  await using node = await archive.serve();
  const [invited] = await archive.run('invite', 'archivist', '--policy', 'none');
  await studio.run('join', String(invited?.['invitation']), '--name', 'Studio');
  await using _partner = await studio.serve();
  const before = await assetsOf(archive);
  const own = await texts(join(folder, 'own'), options.ingested, 100_000);
  const others = await texts(join(folder, 'others'), options.ingested, 200_000);
  const asked = await questions(archive, before);

  const memory = watchMemory(node.pid);
  const usedBefore = processorSeconds(node.pid);
  let clients = 0;
  const loading = autocannon({
    url: node.url,
    connections: options.connections,
    duration: options.seconds,
    timeout: 60,
    requests: asked,
    setupClient(client) {
      // Each begins with another question.
      const at = clients % asked.length;
      clients += 1;
      client.setRequests([...asked.slice(at), ...asked.slice(0, at)]);
    },
  });
  const working = Promise.all([
    archive.run('ingest', own, '--all', '--collection', 'own'),
    studio.run('ingest', others, '--all', '--collection', 'others'),
  ]);
  const result = await loading;
  const used = processorSeconds(node.pid) - usedBefore;
  const told = memory.end();
  await working;
  const known = await entriesBy(archive);
  const statuses = Object.entries(result.statusCodeStats).map(
    ([status, { count }]) => [status, count] as const,
  );
  const sum = (counts: readonly (readonly [string, number])[]) =>
    counts.reduce((total, [, count]) => total + count, 0);
  const { p50, p90, p99, max } = result.latency;
  await rm(folder, { recursive: true });
  return {
    requests: result.requests.total,
    perSecond: Math.round(result.requests.average),
    latencyMs: { p50, p90, p99 },
    longestMs: max,
    failed: result.errors + result.timeouts,
    putOff: sum(statuses.filter(([status]) => PATIENCE.includes(status))),
    refused: Object.fromEntries(
      statuses.filter(([status]) => !/^[23]/.test(status) && !PATIENCE.includes(status)),
    ),
    ingested: known.own,
    synced: known.others,
    processorSeconds: Math.round(used),
    memory: told,
  };
}

/** Some answers are for everybody, some for the owner; none is the same for all 200 connections. */
async function questions(archive: Home, cids: readonly string[]) {
  const [{ token = '' } = {}] = await archive.run('token');
  const headers = { authorization: `Bearer ${String(token)}` };
  const [large = ''] = cids.slice(-1);
  const signed = (path: string) => ({ method: 'GET' as const, path, headers });
  const open = (path: string, more: Record<string, string> = {}) => ({
    method: 'GET' as const,
    path,
    headers: more,
  });
  return cids
    .slice(0, 100)
    .flatMap((cid, at) => [
      signed(`/api/v1/assets?limit=${20 + (at % 80)}`),
      open(`/api/v1/assets?limit=20`),
      signed(`/api/v1/assets/${cid}`),
      signed(`/api/v1/assets/${cid}/explain`),
      signed(`/api/v1/assets?q=text${at}`),
      open(`/ipfs/${cid}`),
      open(`/ipfs/${large}`, { range: `bytes=${at * 30_000}-${at * 30_000 + 19_999}` }),
      open('/openapi.json'),
    ]);
}

async function assetsOf(archive: Home): Promise<string[]> {
  const listed = await archive.run('list', '--limit', '1000');
  const cids = listed.map(({ cid }) => String(cid));
  const sizes = new Map(listed.map(({ cid, byteLength }) => [String(cid), Number(byteLength)]));
  return cids.sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
}

async function entriesBy(archive: Home): Promise<{ own: number; others: number }> {
  const [status] = await archive.run('status');
  const collections = status?.['collections'] as { name: string; assets: number }[];
  const of = (wanted: string) => collections.find(({ name }) => name === wanted)?.assets ?? 0;
  return { own: of('own'), others: of('others') };
}

/** Makes text files that differ, and returns their folder. */
async function texts(folder: string, count: number, seed: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let at = 0; at < count; at += 1) {
    await writeFile(join(folder, `text${at}.txt`), words(TEXT_BYTES, seed + at));
  }
  return folder;
}

function words(length: number, seed: number): string {
  const line = `${seed} the quick brown fox jumps over the lazy dog\n`;
  return line.repeat(Math.ceil(length / line.length)).slice(0, length);
}
