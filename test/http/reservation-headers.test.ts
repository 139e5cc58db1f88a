import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { contentSignal, contentUsage, tdmrep } from '../../src/core/reservations/vocabularies.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { createDagBuilder } from '../support/dag-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FIELDS = ['tdm-reservation', 'content-usage', 'content-signal'] as const;
const FREE = ['0', 'train-ai=y, search=y', 'search=yes, ai-input=yes, ai-train=yes'];
const RESERVED = ['1', 'train-ai=n, search=n', 'search=no, ai-input=no, ai-train=no'];
const SILENT = [null, null, null];

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
let node: RunningNode;
const assets = new Map<string, string>();

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  const offered = join(temporary.path, 'offered');
  await mkdir(offered);
  const names = ['free', 'not free', 'disputed', 'taken down'];
  for (const name of names) await writeFile(join(offered, `${name}.txt`), `a poem, ${name}`);
  const rows = names.map((name) => {
    return `${name}.txt,${name},Ann,${name === 'not free' ? 'CC-BY-NC-4.0' : 'CC0-1.0'},print`;
  });
  const path = join(temporary.path, 'rows.csv');
  await writeFile(path, ['path,title,creator,licence,digital_source_type', ...rows, ''].join('\n'));
  await perform('ingest', {
    ...{ paths: [offered], collection: 'main', catalogue: { path }, all: false, custody: true },
    ...{ hidden: false, dryRun: false, measured: false },
  });
  await perform('collection.set', { name: 'main', visibility: 'public', readers: [] });
  await node.archive.catalog.catchUp();
  for (const { title, cid } of node.archive.catalog.list({}, { limit: 10 }).assets) {
    assets.set(title, cid);
  }
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function perform(name: string, input: unknown): Promise<unknown> {
  const signal = new AbortController().signal;
  return askNode(home, name, input, { signal, progress() {}, notice() {}, async item() {} });
}

/** The status, and what is said of reservations. */
async function said(
  path: string,
  init?: RequestInit,
): Promise<readonly (number | string | null)[]> {
  const { status, headers } = await fetch(`${node.url}/ipfs/${path}`, init);
  return [status, ...FIELDS.map((name) => headers.get(name))];
}

function assetOf(title: string): string {
  const found = assets.get(title);
  if (found === undefined) throw new Error(`no ${title}`);
  return found;
}

async function stop(title: string, words: object): Promise<void> {
  await perform('stop', { words, subject: { assets: [assetOf(title)] } });
  await node.archive.catalog.catchUp();
}

it('reserves every use of what is not eligible, in whatever form it is given', async () => {
  expect(await said(assetOf('free'))).toEqual([200, ...FREE]);
  expect(await said(assetOf('free'), { method: 'HEAD' })).toEqual([200, ...FREE]);
  for (const query of ['', '?format=raw', '?format=car']) {
    expect(await said(assetOf('not free') + query)).toEqual([200, ...RESERVED]);
  }
  const headers = { 'if-none-match': `"${assetOf('not free')}"` };
  expect(await said(assetOf('not free'), { headers })).toEqual([304, ...RESERVED]);
});

it('reserves what is disputed from that moment on, and says nothing of what it does not give', async () => {
  expect(await said(assetOf('disputed'))).toEqual([200, ...FREE]);
  await stop('disputed', { kind: 'dispute', reason: 'authorship', by: 'outsider', against: [] });
  expect(await said(assetOf('disputed'))).toEqual([200, ...RESERVED]);
  await stop('taken down', { kind: 'takedown', reason: 'court-order', authority: null });
  expect(await said(assetOf('taken down'))).toEqual([451, ...SILENT]);
});

it('says nothing of what is no asset, and what there is to say of an asset inside it', async () => {
  const dags = createDagBuilder();
  const files = await dags.files({
    'a.txt': 'beside the archive',
    'b.txt': 'a poem, not free',
  });
  const root = files.get('');
  if (root === undefined) throw new Error('no folder');
  const file = join(temporary.path, 'beside.car');
  dags.writeCar(file, [root]);
  await node.archive.served.add(file);
  expect(await said(`${root}/`)).toEqual([200, ...SILENT]);
  expect(await said(`${root}/a.txt`)).toEqual([200, ...SILENT]);
  expect(await said(`${root}/b.txt`)).toEqual([200, ...RESERVED]);
});

it('says it in words that are read here as they are meant', () => {
  for (const [fields, permission] of [
    [FREE, 'allow'],
    [RESERVED, 'deny'],
  ] as const) {
    const [reservation = '', usage = '', signal = ''] = fields;
    const read = [tdmrep(reservation), contentUsage(usage), contentSignal(signal)];
    expect(read.flatMap((one) => Object.keys(one?.values ?? {}))).toHaveLength(3 + 2 + 4);
    for (const one of read)
      expect(new Set(Object.values(one?.values ?? {}))).toEqual(new Set([permission]));
  }
});
