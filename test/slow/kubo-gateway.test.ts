import { join } from 'node:path';
import { CarReader } from '@ipld/car';
import { describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode } from '../../src/compose/open-node.ts';
import { createDagBuilder } from '../support/dag-builder.ts';
import { kuboProgram, startKubo } from '../support/kubo-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CAR = 'application/vnd.ipld.car';
const text = Array.from({ length: 400 }, (_, i) => `${i} `)
  .join('')
  .slice(0, 1026);

/**
 * Headers that say the same of both; the others have words that each program chooses, or are sent by some
 * versions of Kubo only (`X-Ipfs-Path`). Newer ones do not translate documents either.
 */
const COMPARED = [
  'content-type',
  'content-range',
  'content-length',
  'content-disposition',
  'content-location',
  'cache-control',
  'x-ipfs-roots',
  'access-control-allow-origin',
];

describe.skipIf(kuboProgram === undefined)(
  'the gateway beside that of Kubo (skipped where there is no ipfs: npm run interop builds one)',
  () => {
    it('answers the same requests about the same DAGs alike', async () => {
      using folder = temporaryFolder();
      const { path, requests } = await offered(folder.path);
      await using kubo = await startKubo(kuboProgram ?? '');
      await kubo.ipfs('dag', 'import', '--pin-roots=false', path);
      const home = join(folder.path, 'home');
      await foundArchive(home, { name: 'Gateway', institution: 'House' });
      await using node = await openNode(home, { log: () => {} });
      await node.archive.served.add(path);
      const [ours, theirs] = [node.url ?? '', kubo.gateway].map((url) =>
        Promise.all(requests.map((asked) => answerOf(url, asked))),
      );
      expect(await ours).toEqual(await theirs);
    });
  },
);

type Asked = readonly [path: string, headers?: Readonly<Record<string, string>>, method?: string];

async function offered(folder: string): Promise<{ path: string; requests: readonly Asked[] }> {
  const dags = createDagBuilder();
  const tree = await dags.files(
    {
      'sub/ascii.txt': 'ascii\n',
      'sub/multi.txt': text,
      'ą/ę.html': '<p>',
      'a.svg': '<svg/>',
      'img.png': 'p',
    },
    { chunk: 256 },
  );
  const old = await dags.files(
    { 'x/1': text, 'x/2': text, 'index.html': 'index' },
    { version: 0, chunk: 256 },
  );
  const names = Array.from({ length: 600 }, (_, i) => [`${i}.txt`, `${i} ${'x'.repeat(i)}`]);
  const sharded = await dags.files(Object.fromEntries(names), { sharded: true, chunk: 256 });
  const root = (files: ReadonlyMap<string, unknown>, at = '') => String(files.get(at));
  const [ascii, bar] = [tree.get('sub/ascii.txt'), await dags.symlink('foo')];
  const document = await dags.document({ files: { single: ascii, many: [ascii] }, title: 't' });
  const top = [tree.get(''), old.get(''), sharded.get(''), document, bar].filter(
    (one) => one !== undefined,
  );
  const path = join(folder, 'offered.car');
  dags.writeCar(path, top);
  const multi = `${root(tree)}/sub/multi.txt`;
  const scopes = ['all', 'entity', 'block'].flatMap((scope): Asked[] =>
    [
      root(tree),
      multi,
      `${root(sharded)}/55.txt`,
      `${root(sharded)}`,
      `${document}`,
      root(old),
    ].map((at) => [`${at}?format=car&dag-scope=${scope}`]),
  );
  const spans = ['0:*', '512:1023', '512:-256', '-5:*', '-9999:-3', '0:0', '300:99999'].map(
    (bytes): Asked => [`${multi}?format=car&dag-scope=entity&entity-bytes=${bytes}`],
  );
  const requests: readonly Asked[] = [
    ...scopes,
    ...spans,
    [`${root(old)}`, { accept: `${CAR}; order=dfs; dups=y` }],
    [`${root(old)}`, { accept: `${CAR}; order=dfs; dups=n` }],
    [`${document}/files/single?format=car`],
    [`${document}/files/many/0?format=car`],
    [`${root(tree)}?format=raw`],
    [`${root(old, 'x/1')}?format=raw`, { range: 'bytes=6-16' }],
    [`${root(tree, 'sub/ascii.txt')}`, { accept: 'application/vnd.ipld.raw' }, 'HEAD'],
    [`${root(tree, 'sub/ascii.txt')}?format=raw&filename=foo%20bar%C4%85.bin`],
    [`${multi}`],
    [`${multi}`, {}, 'HEAD'],
    [`${multi}`, { accept: 'application/json, text/plain, */*' }],
    [`${root(old)}/`, { accept: 'application/json' }],
    [`${multi}?format=cbor`],
    [`${multi}`, { range: 'bytes=250-1000' }],
    [`${multi}`, { range: 'bytes=-3' }],
    [`${multi}`, { range: 'bytes=5000-' }],
    [`${multi}?filename=a.txt&download=true`],
    [`${multi}`, { 'if-none-match': `"${root(tree, 'sub/multi.txt')}"` }],
    [`${multi}`, { 'if-none-match': 'W/"none", *' }],
    [`${root(tree)}/a.svg`],
    [`${root(tree)}/img.png`],
    [`${root(tree)}/%C4%85`],
    [`${root(tree)}/none`],
    [`${root(old)}/`],
    [`${root(old)}`],
    [`${root(sharded)}/599.txt`],
    [`${root(sharded)}/600.txt`],
    [`${bar}`],
    [`${document}?format=dag-cbor`],
    ['bafkqabtimvwgy3yk'],
    ['bafkqaaa?format=raw', {}, 'HEAD'],
    [`${multi}?format=car&dag-scope=x`],
    [`${multi}?format=car&entity-bytes=x`],
    ['QmYzfKSE55XCjD1MW128RfciAf2DViABhEiXfgVFMabSjN', { 'cache-control': 'only-if-cached' }],
  ];
  return { path, requests };
}

async function answerOf(
  url: string,
  [path, headers = {}, method = 'GET']: Asked,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/ipfs/${path}`, { headers, method, redirect: 'manual' });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status } = response;
  // What a page says that leads on, or tells of a failure, is each program's own.
  if (status >= 300) return { path, status, location: response.headers.get('location') };
  const told = Object.fromEntries(COMPARED.map((name) => [name, response.headers.get(name)]));
  const type = told['content-type'] ?? '';
  // Go tells the length of a CAR that fits into its buffer, and not that pages are in UTF-8.
  const isCar = type.startsWith(CAR);
  const alike = isCar ? { 'content-length': null } : { 'content-type': type.replace(/;.*/, '') };
  const body = isCar ? await blocksOf(bytes) : Buffer.from(bytes).toString('latin1');
  return { path, headers, status, told: { ...told, ...alike }, body };
}

async function blocksOf(bytes: Uint8Array): Promise<string[]> {
  const car = await CarReader.fromBytes(bytes);
  return Array.fromAsync(car.blocks(), ({ cid }) => String(cid));
}
