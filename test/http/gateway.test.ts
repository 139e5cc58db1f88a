import { connect } from 'node:net';
import { join } from 'node:path';
import { CarReader } from '@ipld/car';
import type { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { createDagBuilder } from '../support/dag-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FOR_EVER = 'public, max-age=29030400, immutable';
const RAW = { accept: 'application/vnd.ipld.raw' };
/** 1,026 bytes in leaves of 256. */
const multiblock = Array.from({ length: 400 }, (_, i) => `${i} `)
  .join('')
  .slice(0, 1026);
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("/api/v1/assets")</script></svg>';
const UNKNOWN = 'QmYzfKSE55XCjD1MW128RfciAf2DViABhEiXfgVFMabSjN';

const temporary = temporaryFolder();
const dags = createDagBuilder();
let node: RunningNode;
let url: string;
let tree: ReadonlyMap<string, CID>;
let old: ReadonlyMap<string, CID>;
let sharded: ReadonlyMap<string, CID>;
let page: ReadonlyMap<string, CID>;
let document: CID;
let links: CID;
let broken: ReadonlyMap<string, CID>;
/** The second of three leaves, which is not in the file. */
let lost: CID;

beforeAll(async () => {
  tree = await dags.files(
    {
      'subdir/ascii.txt': 'hello application/vnd.ipld.car\n',
      'subdir/hello.txt': 'hello world\n',
      'subdir/multiblock.txt': multiblock,
      'ą/ę/file-źł.txt': 'polish',
      'a%23b/plain.txt': 'plain',
      'a/b.txt': 'nested',
      'art.svg': SVG,
      'page.html': '<script>alert(1)</script>',
      json: `{ "test\\"": "${'long '.repeat(400)}" }`,
      list: '[\n  {"a": 1},\n  {"a": 2}\n]',
      lines: '{"a":1}\n{"a":2}\n',
      braces: '{not json}',
      noname: Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'),
    },
    { chunk: 256 },
  );
  old = await dags.files(
    { 'old/twice/a': multiblock, 'old/twice/b': multiblock },
    { version: 0, chunk: 256 },
  );
  const names = Array.from({ length: 1000 }, (_, i) => [
    `${i}.txt`,
    `number ${i} ${'x'.repeat(i)}`,
  ]);
  sharded = await dags.files(Object.fromEntries(names), { sharded: true, chunk: 256 });
  page = await dags.files({ 'index.html': '<p>front page</p>', 'other.txt': 'other' });
  const ascii = cid(tree, 'subdir/ascii.txt');
  document = await dags.document({
    title: 'a',
    files: { single: ascii, list: [cid(tree, 'a/b.txt')] },
  });
  links = await dags.directory([
    ['bar', await dags.symlink('foo')],
    ['document', document],
    ['foo', cid(tree, 'a/b.txt')],
  ]);
  broken = await dags.files(
    { f: 'x'.repeat(1024) + 'y'.repeat(1024) + 'z'.repeat(1024) },
    { version: 0, chunk: 1024 },
  );
  lost =
    [...dags.blocks.values()].find(({ bytes }) => Buffer.from(bytes).includes('y'.repeat(999)))
      ?.cid ?? document;
  const file = join(temporary.path, 'all.car');
  dags.writeCar(file, [cid(tree, ''), cid(old, ''), cid(sharded, ''), links], [lost]);
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  url = node.url ?? '';
  await node.archive.served.add(file);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function cid(files: ReadonlyMap<string, CID>, path: string): CID {
  const found = files.get(path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(`${url}/ipfs/${path}`, { headers, method, redirect: 'manual' });
}

async function carOf(path: string, headers: Record<string, string> = {}): Promise<string[]> {
  const response = await ask(path, headers);
  expect(response.status).toBe(200);
  const car = await CarReader.fromBytes(new Uint8Array(await response.arrayBuffer()));
  const cids: string[] = [];
  for await (const block of car.blocks()) cids.push(String(block.cid));
  return cids;
}

/** The leaves of a file, in order. */
async function leavesOf(path: string): Promise<string[]> {
  return (await carOf(`${path}?format=car`)).slice(1);
}

describe('a block by its CID', () => {
  it('comes as it is, with what its reader needs to keep it', async () => {
    const directory = cid(tree, 'subdir');
    for (const [query, headers] of [
      ['?format=raw', {}],
      ['', RAW],
    ] as const) {
      const response = await ask(`${directory}${query}`, headers);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/vnd.ipld.raw',
        'content-disposition': expect.stringMatching(/^attachment; filename="baf.*\.bin"/),
        'x-content-type-options': 'nosniff',
        'cache-control': FOR_EVER,
        etag: `"${directory}.raw"`,
        'x-ipfs-path': `/ipfs/${directory}`,
        'x-ipfs-roots': String(directory),
        'ipfs-uri': `ipfs://${directory}`,
        'access-control-allow-origin': '*',
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.equals(dags.blocks.get(String(directory))?.bytes ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it('comes in part, and by the name that is asked for', async () => {
    const part = await ask(`${cid(tree, '')}/subdir/ascii.txt?filename=foo%20ż.bin`, {
      ...RAW,
      range: 'bytes=6-16,0-4',
    });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 6-16/31',
      'application',
    ]);
    expect(part.headers.get('content-disposition')).toBe(
      `attachment; filename="foo%20_.bin"; filename*=UTF-8''foo%20%C5%BC.bin`,
    );
  });

  it('may lie in the CID itself, or be named by one of version 0', async () => {
    const inline = await ask('bafkqabtimvwgy3yk?format=raw');
    expect([inline.status, await inline.text()]).toEqual([200, 'hello\n']);
    const probe = await ask('bafkqaaa?format=raw', {}, 'HEAD');
    expect([probe.status, probe.headers.get('content-length')]).toEqual([200, '0']);
    const zero = await ask(`${cid(old, 'old')}?format=raw`);
    expect(String(cid(old, 'old'))).toMatch(/^Qm/);
    expect(zero.headers.get('x-ipfs-roots')).toBe(String(cid(old, 'old')));
    const one = await ask(`${cid(old, 'old').toV1()}?format=raw`);
    expect(await one.arrayBuffer()).toEqual(await zero.arrayBuffer());
  });

  it('that is not here is not sought elsewhere', async () => {
    for (const [headers, status] of [
      [{}, 404],
      [{ 'cache-control': 'only-if-cached' }, 412],
    ] as const) {
      for (const method of ['GET', 'HEAD']) {
        expect((await ask(UNKNOWN, headers, method)).status).toBe(status);
        expect((await ask(`${UNKNOWN}?format=car`, headers, method)).status).toBe(status);
      }
    }
    const cached = { 'cache-control': 'only-if-cached' };
    expect((await ask(`${cid(tree, 'art.svg')}`, cached)).status).toBe(200);
  });
});

describe('a CAR of a path', () => {
  it('has the blocks on the way and all below, each once unless asked otherwise', async () => {
    const top = cid(tree, '');
    const [subdir, ascii] = [cid(tree, 'subdir'), cid(tree, 'subdir/ascii.txt')].map(String);
    expect(await carOf(`${top}/subdir/ascii.txt?format=car`)).toEqual([String(top), subdir, ascii]);
    const twice = [
      cid(old, ''),
      cid(old, 'old'),
      cid(old, 'old/twice'),
      cid(old, 'old/twice/a'),
    ].map(String);
    const once = await carOf(`${cid(old, '')}/old?format=car`);
    expect(once.slice(0, 4)).toEqual(twice);
    expect(new Set(once).size).toBe(once.length);
    const both = await carOf(`${cid(old, '')}/old`, {
      accept: 'application/vnd.ipld.car; version=1; order=dfs; dups=y',
    });
    expect(both.slice(once.length)).toEqual(once.slice(3));
  });

  it('says what it is, and that it has no known length', async () => {
    const response = await ask(`${cid(tree, '')}/subdir?format=car&car-dups=y&dag-scope=block`, {
      accept: 'application/vnd.ipld.car;order=unk',
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/vnd.ipld.car; version=1; order=unk; dups=y',
      'content-disposition': expect.stringMatching(/^attachment; filename=".*\.car"/),
      'accept-ranges': 'none',
      etag: expect.stringMatching(/^W\/"baf.*\.car\./),
      'cache-control': FOR_EVER,
    });
    expect(response.headers.has('content-length')).toBe(false);
    const known = await ask(
      `${cid(tree, '')}/subdir?format=car&car-dups=y&dag-scope=block&car-order=unk`,
      {
        'if-none-match': response.headers.get('etag') ?? '',
      },
    );
    expect(known.status).toBe(304);
    const other = await ask(`${cid(tree, '')}/subdir?format=car&car-dups=y`, {}, 'HEAD');
    expect(other.headers.get('etag')).not.toBe(response.headers.get('etag'));
  });

  it('goes through shards by the one way to a name', async () => {
    for (const [name, below] of [
      ['1.txt', 0],
      ['685.txt', 3],
    ] as const) {
      const path = `${cid(sharded, '')}/${name}`;
      const blocks = await carOf(`${path}?format=car`);
      const end = blocks.indexOf(String(cid(sharded, name)));
      expect(blocks[0]).toBe(String(cid(sharded, '')));
      expect([end > 0 && end <= 3, blocks.length]).toEqual([true, end + 1 + below]);
      expect(await carOf(`${path}?format=car&dag-scope=block`)).toEqual(blocks.slice(0, end + 1));
    }
  });

  it('holds an entity alone: a file, the shards of a directory, a document', async () => {
    const shards = await carOf(`${cid(sharded, '')}?format=car&dag-scope=entity`);
    expect(shards.length).toBeGreaterThan(10);
    expect(shards).not.toContain(String(cid(sharded, '1.txt')));
    expect(await carOf(`${cid(sharded, '')}?format=car&entity-bytes=0:*`)).toEqual(shards);
    expect(await carOf(`${cid(tree, '')}?format=car&dag-scope=entity`)).toEqual([
      String(cid(tree, '')),
    ]);
    const way = [links, document].map(String);
    expect(await carOf(`${links}/document?format=car&dag-scope=entity`)).toEqual(way);
    expect(await carOf(`${document}/files/single?format=car`)).toEqual([
      String(document),
      String(cid(tree, 'subdir/ascii.txt')),
    ]);
    expect(await carOf(`${document}/files?format=car&dag-scope=block`)).toEqual([String(document)]);
    expect(await carOf(`${document}/files/list/0?format=car`)).toHaveLength(2);
  });

  it('holds no more of a file than the blocks of the bytes that were asked for', async () => {
    const file = String(cid(tree, 'subdir/multiblock.txt'));
    const leaves = await leavesOf(file);
    expect(leaves).toHaveLength(5);
    for (const [bytes, from, to] of [
      ['0:*', 0, 5],
      ['512:*', 2, 5],
      ['512:1023', 2, 4],
      ['512:-256', 2, 4],
      ['-5:*', 3, 5],
      ['-9999:*', 0, 5],
      ['-9999:-3', 0, 4],
      ['0:0', 0, 1],
      ['0:999999999999999', 0, 5],
      ['600:200', 0, 0],
    ] as const) {
      const got = await carOf(`${file}?format=car&dag-scope=entity&entity-bytes=${bytes}`);
      expect(got, bytes).toEqual([file, ...leaves.slice(from, to)]);
    }
    expect(await carOf(`${file}?format=car&dag-scope=all&entity-bytes=0:0`)).toHaveLength(6);
  });

  it.each([
    'entity-bytes=x',
    'entity-bytes=1',
    'entity-bytes=1:2:3',
    `entity-bytes=${'9'.repeat(40)}:*`,
    'entity-bytes=1026:*',
    'entity-bytes=0:-9999',
    'dag-scope=half',
    'dag-scope=block&dag-scope=all',
    'car-order=bfs',
    'car-dups=maybe',
    'car-version=2',
  ])('is refused with %s', async (query) => {
    const response = await ask(`${cid(tree, 'subdir/multiblock.txt')}?format=car&${query}`);
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'input_invalid' }),
    ]);
  });

  it('comes although blocks before or behind the part are lost, and is cut off at a lost one', async () => {
    const file = cid(broken, 'f');
    const [first, second, third] = ['0:1000', '2200:*', '1500:1501'].map(
      (bytes) => `${file}?format=car&entity-bytes=${bytes}`,
    );
    expect(await carOf(first ?? '')).toHaveLength(2);
    expect(await carOf(second ?? '')).toHaveLength(2);
    await expect((await ask(third ?? '')).arrayBuffer()).rejects.toThrow();
    const part = await ask(String(file), { range: 'bytes=2200-2201' });
    expect([
      part.status,
      part.headers.get('content-range'),
      part.headers.get('content-type'),
      await part.text(),
    ]).toEqual([206, 'bytes 2200-2201/3072', 'text/plain; charset=utf-8', 'zz']);
    expect((await ask(String(lost))).status).toBe(404);
  });

  it('never has the block of a CID that holds it itself', async () => {
    const hello = 'bafkqaf3imvwgy3zaneqgc3janfxgy2lomvscay3jmqfa';
    expect(await carOf(hello, { accept: 'application/vnd.ipld.car; dups=y' })).toEqual([]);
  });
});

describe('a file by its path', () => {
  it('says what its name or its beginning shows it to be', async () => {
    for (const [path, type] of [
      ['subdir/ascii.txt', 'text/plain; charset=utf-8'],
      ['art.svg', 'image/svg+xml'],
      ['noname', 'image/png'],
      ['json', 'application/json'],
      ['list', 'application/json'],
      ['lines', 'text/plain; charset=utf-8'],
      ['braces', 'text/plain; charset=utf-8'],
      ['lines?filename=a.json', 'application/json'],
      ['noname?filename=a.mp4', 'video/mp4'],
    ] as const) {
      const response = await ask(`${cid(tree, '')}/${path}`);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        type,
      ]);
    }
    const inline = await ask('bafkqabtimvwgy3yk/');
    expect([inline.headers.get('content-type'), await inline.text()]).toEqual([
      'text/plain; charset=utf-8',
      'hello\n',
    ]);
  });

  it('cannot act as a page of this origin, whatever it is', async () => {
    for (const path of ['art.svg', 'page.html', 'noname?filename=x.html', '']) {
      const { headers } = await ask(`${cid(tree, '')}/${path}`);
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*; sandbox;/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const worker = await ask(`${cid(tree, '')}/art.svg`, { 'service-worker': 'script' });
    expect(worker.status).toBe(400);
  });

  it('is known by the CIDs on the way, and is not sent to whoever has it', async () => {
    const path = `${cid(tree, '')}/subdir/multiblock.txt`;
    const roots = ['', 'subdir', 'subdir/multiblock.txt'].map((name) => cid(tree, name));
    const response = await ask(path);
    expect(await response.text()).toBe(multiblock);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-ipfs-roots': roots.join(','),
      etag: `"${roots[2]}"`,
      'cache-control': FOR_EVER,
    });
    for (const tag of [`"${roots[2]}"`, `W/"${roots[2]}"`, `"a", "b", "${roots[2]}"`, '*']) {
      expect((await ask(path, { 'if-none-match': tag })).status).toBe(304);
    }
    expect((await ask(path, { 'if-none-match': `"${roots[1]}"` })).status).toBe(200);
  });

  it('comes in part across its blocks', async () => {
    for (const [range, part, text] of [
      ['bytes=250-1000', 'bytes 250-1000/1026', multiblock.slice(250, 1001)],
      ['bytes=-3', 'bytes 1023-1025/1026', multiblock.slice(-3)],
      ['bytes=1000-5000', 'bytes 1000-1025/1026', multiblock.slice(1000)],
      ['bytes=6-16,0-4', 'bytes 6-16/1026', multiblock.slice(6, 17)],
    ] as const) {
      const got = await ask(String(cid(tree, 'subdir/multiblock.txt')), { range });
      expect([got.status, got.headers.get('content-range'), await got.text()]).toEqual([
        206,
        part,
        text,
      ]);
    }
    const beyond = await ask(String(cid(tree, 'subdir/multiblock.txt')), { range: 'bytes=1026-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1026']);
  });

  it('can be kept instead of shown', async () => {
    const path = `${cid(tree, '')}/subdir/ascii.txt?download=true`;
    expect((await ask(path)).headers.get('content-disposition')).toMatch(
      /^attachment; filename="ascii.txt"/,
    );
    const named = await ask(`${path}&filename=${encodeURIComponent('a"\r\nb.txt')}`);
    expect(named.headers.get('content-disposition')).toBe(
      `attachment; filename="a%22__b.txt"; filename*=UTF-8''a%22%0D%0Ab.txt`,
    );
  });

  it('has one address, however it is spelled', async () => {
    const top = cid(tree, '');
    for (const [path, uri] of [
      ['a%2523b/plain.txt', 'a%2523b/plain.txt'],
      ['x%2F..%2Fa%2523b%2fplain%2Etxt', 'a%2523b/plain.txt'],
      ['//a//./b.txt', 'a/b.txt'],
      ['%C4%85/%c4%99/file-%C5%BA%C5%82.txt', '%C4%85/%C4%99/file-%C5%BA%C5%82.txt'],
    ] as const) {
      const response = await ask(`${top}/${path}`);
      expect([path, response.status, response.headers.get('ipfs-uri')]).toEqual([
        path,
        200,
        `ipfs://${top}/${uri}`,
      ]);
      expect(response.headers.has('x-ipfs-path')).toBe(!uri.startsWith('%'));
    }
    const zero = await ask(`${cid(old, '')}/old/twice/a`);
    expect(zero.headers.get('ipfs-uri')).toBe(`ipfs://${cid(old, '').toV1()}/old/twice/a`);
  });

  it.each([
    ['%00', 404],
    ['subdir/%00', 404],
    ['subdir/ascii.txt/more', 404],
    ['%ff', 400],
    ['%', 400],
    ['__proto__', 404],
    ['?format=tar', 406],
    ['?format=ipns-record', 406],
    ['?format=exe', 400],
    ['?format=raw&format=car', 400],
  ])('is not found at %s', async (path, status) => {
    expect((await ask(`${cid(tree, '')}/${path}`)).status).toBe(status);
    expect((await ask(`${document}/${path}`)).status).not.toBe(500);
  });

  it('is not sought through hundreds of names', async () => {
    expect((await ask(`${cid(tree, '')}/${'a/'.repeat(600)}`)).status).toBe(400);
  });
});

describe('Accept', () => {
  it.each([
    ['application/vnd.ipld.dag-json;q=0.1, application/vnd.ipld.raw;q=0.9', 'vnd.ipld.raw'],
    ['application/vnd.ipld.raw, application/vnd.ipld.car', 'vnd.ipld.raw'],
    ['application/vnd.ipld.raw; q=0, application/vnd.ipld.car; q=0.2', 'vnd.ipld.car'],
    ['application/x-tar, application/vnd.ipld.raw', 'vnd.ipld.raw'],
    ['application/x-tar;q=0', 'image/svg+xml'],
    ['application/vnd.ipld.raw;q=0, */*', 'image/svg+xml'],
    ['application/json, text/plain, */*', 'image/svg+xml'],
    ['application/cbor', 'image/svg+xml'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'image/svg+xml'],
  ])('%s chooses %s', async (accept, type) => {
    const response = await ask(`${cid(tree, '')}/art.svg`, { accept });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining(type),
    ]);
    expect(response.headers.get('vary')).toBe('Accept');
  });

  it('is told to caches, with the address that needs none of it', async () => {
    const top = cid(tree, '');
    const told = async (path: string, accept: string) => {
      const { headers } = await ask(path, { accept }, 'HEAD');
      return [headers.get('vary'), headers.get('content-location')];
    };
    const raw = 'application/vnd.ipld.raw';
    const car = 'application/vnd.ipld.car; order=dfs; dups=y; q=0.9';
    expect(await told(`${top}/ą/ę/file-źł.txt?filename=a%20b`, raw)).toEqual([
      'Accept',
      `/ipfs/${top}/%C4%85/%C4%99/file-%C5%BA%C5%82.txt?filename=a+b&format=raw`,
    ]);
    expect(await told(`${top}/?car-dups=n`, car)).toEqual([
      'Accept',
      `/ipfs/${top}/?car-dups=n&car-order=dfs&format=car`,
    ]);
    expect(await told(`${top}?format=raw`, car)).toEqual([null, null]);
    expect(await told(`${top}?format=car`, car)).toEqual(['Accept', null]);
    expect(await told(`${top}/`, '*/*')).toEqual(['Accept', null]);
    expect(await told(`${top}?x=${'y'.repeat(8000)}`, raw)).toEqual(['Accept', null]);
  });
});

describe('an address that names the host as well', () => {
  const status = async (named: string, host: string) => {
    const path = `${cid(tree, '')}/subdir/ascii.txt?format=raw`;
    const answer = await sent(`GET ${named}/ipfs/${path} HTTP/1.1\r\nHost: ${host}\r\n`);
    return [Number(answer.split(' ')[1]), answer.endsWith('hello application/vnd.ipld.car\n')];
  };

  it('leads to the same as its path, if it is the one in Host and one of this node', async () => {
    const { host, port } = new URL(url);
    for (const own of [url, `HTTP://${host}`, `http://${host}`]) {
      expect([own, await status(own, host)]).toEqual([own, [200, true]]);
    }
    expect(await status(`http://localhost:${port}`, `localhost:${port}`)).toEqual([200, true]);
    for (const [named, said] of [
      ['http://elsewhere.example', host],
      [`http://localhost:${port}`, host],
      ['http://elsewhere.example', 'elsewhere.example'],
      [`http://${host}@elsewhere.example`, host],
      [`http://elsewhere.example@${host}`, host],
      ['http://', host],
    ] as const) {
      expect([named, await status(named, said)]).toEqual([named, [421, false]]);
    }
  });

  it('is redirected to a path', async () => {
    const top = cid(tree, '');
    const { host } = new URL(url);
    const answer = await sent(`GET ${url}/ipfs/${top}?x=1 HTTP/1.1\r\nHost: ${host}\r\n`);
    expect(answer).toContain('HTTP/1.1 301');
    expect(answer).toContain(`\r\nLocation: /ipfs/${top}/?x=1\r\n`);
  });
});

/** Sends the head of a request as it is, and returns all that comes back until the connection closes. */
async function sent(head: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`${head}Connection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

describe('a directory', () => {
  it('is listed, with links that lead back and on', async () => {
    const top = cid(tree, '');
    const bare = await ask(`${top}/ą/ę?x=1`);
    expect([bare.status, bare.headers.get('location'), bare.headers.get('ipfs-uri')]).toEqual([
      301,
      `/ipfs/${top}/%C4%85/%C4%99/?x=1`,
      `ipfs://${top}/%C4%85/%C4%99`,
    ]);
    const response = await ask(`${top}/ą/ę/`);
    const inner = cid(tree, 'ą/ę');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: `"DirIndex-1_CID-${inner}"`,
      'cache-control': 'public, max-age=604800, stale-while-revalidate=2678400',
      'content-type': 'text/html; charset=utf-8',
    });
    const text = await response.text();
    for (const part of [
      'Index of',
      `/ipfs/<a href="/ipfs/${top}">${top}</a>/<a href="/ipfs/${top}/%C4%85">ą</a>/<a href="/ipfs/${top}/%C4%85/%C4%99">ę</a>`,
      `<a href="/ipfs/${top}/%C4%85/%C4%99/..">..</a>`,
      `<a href="/ipfs/${top}/%C4%85/%C4%99/file-%C5%BA%C5%82.txt">file-źł.txt</a>`,
      `<a class="ipfs-hash" translate="no" href="/ipfs/${cid(tree, 'ą/ę/file-źł.txt')}?filename=file-%25C5%25BA%25C5%2582.txt">`,
    ]) {
      expect(text).toContain(part);
    }
    expect(await (await ask(`${top}/`)).text()).not.toContain('>..</a>');
    for (const tag of [`W/"${inner}"`, `"DirIndex-1_CID-${inner}"`]) {
      expect((await ask(`${top}/ą/ę/`, { 'if-none-match': tag })).status).toBe(304);
    }
  });

  it('that is sharded is listed as a whole', async () => {
    const text = await (await ask(`${cid(sharded, '')}/`)).text();
    expect(text.match(/<li>/g)).toHaveLength(1000);
    expect(text).toContain('>685.txt</a>');
  });

  it('shows its page if it has one', async () => {
    const file = join(temporary.path, 'page.car');
    dags.writeCar(file, [cid(page, '')]);
    await node.archive.served.add(file);
    const response = await ask(`${cid(page, '')}/`);
    expect([
      await response.text(),
      response.headers.get('etag'),
      response.headers.get('cache-control'),
    ]).toEqual(['<p>front page</p>', `"${cid(page, '')}"`, FOR_EVER]);
    const known = await ask(`${cid(page, '')}/`, { 'if-none-match': `"${cid(page, '')}"` });
    expect(known.status).toBe(304);
  });

  it('may have links that point elsewhere by name, and documents', async () => {
    expect(await (await ask(`${links}/`)).text()).toContain('>bar</a>');
    const symlink = await ask(`${links}/bar`);
    expect([symlink.headers.get('content-type'), await symlink.text()]).toEqual([
      'inode/symlink',
      'foo',
    ]);
    const json = await ask(`${links}/document?format=dag-json`);
    expect(await json.json()).toMatchObject({
      title: 'a',
      files: { single: { '/': String(cid(tree, 'subdir/ascii.txt')) } },
    });
    const plain = await ask(`${cid(tree, '')}/subdir/ascii.txt?format=json&filename=x.json`);
    expect([plain.status, plain.headers.get('content-type')]).toEqual([200, 'application/json']);
    const own = await ask(`${document}`);
    expect(own.headers.get('content-type')).toBe('application/vnd.ipld.dag-cbor');
  });

  it('has documents that come whole alone, shown or kept', async () => {
    for (const [path, status] of [
      [`${document}/files?format=dag-json`, 501],
      [`${document}/files`, 501],
      [`${document}/files/nothing`, 404],
      [`${document}/files/single`, 200],
    ] as const) {
      const response = await ask(path);
      await response.arrayBuffer();
      expect([path, response.status]).toEqual([path, status]);
    }
    for (const [query, how] of [
      ['', 'inline'],
      ['&download=true', 'attachment'],
    ] as const) {
      const { headers } = await ask(`${document}?format=json&filename=a.json${query}`);
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('content-disposition')).toContain(`${how}; filename="a.json"`);
    }
  });
});

it('tells pages of other origins what they may ask for, and gives them what is public', async () => {
  const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
  for (const [method, status] of [
    ['OPTIONS', 204],
    ['GET', 200],
  ] as const) {
    const response = await ask('bafkqabtimvwgy3yk/', headers, method);
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('Ipfs-Uri');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  }
});

it('lets pages of other origins read every answer, also what is wrong', async () => {
  const top = cid(tree, '');
  const file = `${top}/subdir/ascii.txt`;
  for (const [path, status, asked, method] of [
    [`${top}`, 301],
    [file, 206, { range: 'bytes=0-3' }],
    [file, 304, { 'if-none-match': '*' }],
    [`${file}?format=raw`, 304, { 'if-none-match': '*' }],
    [`${file}?format=car`, 304, { 'if-none-match': '*' }],
    [file, 416, { range: 'bytes=99-' }],
    [`${file}/below`, 404],
    [`${top}/nothing`, 404, {}, 'HEAD'],
    [UNKNOWN, 404],
    [UNKNOWN, 412, { 'cache-control': 'only-if-cached' }],
    ['QmNotACid', 400],
    [`${top}/?format=car&entity-bytes=x`, 400],
    [`${top}/?format=tar`, 406],
    [file, 400, { 'service-worker': 'script' }],
    [file, 405, {}, 'POST'],
  ] as const) {
    const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const response = await ask(path, { ...headers, ...asked }, method);
    await response.arrayBuffer();
    const shared = ['access-control-allow-origin', 'cross-origin-resource-policy'];
    const said = [response.status, ...shared.map((name) => response.headers.get(name))];
    expect([path, ...said]).toEqual([path, status, '*', 'cross-origin']);
    expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After');
  }
});

it('tells before a page asks which headers it may send', async () => {
  const response = await ask(
    `${cid(tree, 'subdir/ascii.txt')}`,
    {
      origin: 'https://elsewhere.example',
      'sec-fetch-site': 'cross-site',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'cache-control,if-none-match,range',
    },
    'OPTIONS',
  );
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
  const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
  expect(allowed).toEqual(expect.arrayContaining(['cache-control', 'if-none-match', 'range']));
  expect(response.headers.has('access-control-allow-credentials')).toBe(false);
});
