import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/archive/operations/operations.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const UNKNOWN = 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const AT = '2026-11-24T10:00:00Z';
/** More than two leaves. */
const large = randomBytes(2_500_000);

/** As the owner; a test that leaves it aside says so. */
let fetch: typeof globalThis.fetch;
let authorization: string;
const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const log: LogLine[] = [];
let node: RunningNode;
let url: string;
let assets: Page['assets'];
let release: string;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: (line) => log.push(line) });
  url = node.url ?? '';
  fetch = await signedFetch(home);
  authorization = `Bearer ${await homeToken(home)}`;
  const offered = join(temporary.path, 'offered');
  await mkdir(offered);
  await writeFile(join(offered, 'a.txt'), 'a poem');
  await writeFile(join(offered, 'b.html'), '<!doctype html><html><script>alert(1)</script></html>');
  await writeFile(join(offered, 'empty'), '');
  await writeFile(join(offered, 'large'), large);
  const rows = ['a.txt', 'b.html', 'empty', 'large'].map((n) => `${n},T ${n},Ann,CC0-1.0,print`);
  const catalogue = join(temporary.path, 'rows.csv');
  await writeFile(
    catalogue,
    ['path,title,creator,licence,digital_source_type', ...rows, ''].join('\n'),
  );
  await perform('ingest', {
    paths: [offered],
    collection: 'main',
    catalogue: { path: catalogue },
    all: false,
    hidden: false,
    custody: true,
    dryRun: false,
    measured: false,
  });
  const question = {
    purpose: 'ai_generative_training',
    policy: 'corroborated',
    requester: 'anyone',
  };
  const cut = await perform('release.cut', {
    ...question,
    name: 'poems',
    version: '1.0.0',
    filter: {},
    seed: '',
  });
  release = (cut as { release: string }).release;
  assets = (await json('/api/v1/assets')).assets;
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

async function perform(name: string, input: unknown): Promise<unknown> {
  const operation = OPERATIONS.get(name);
  if (operation === undefined || operation.opens === 'stores') throw new Error(name);
  return operation.run(node.archive, input, {
    signal: new AbortController().signal,
    progress() {},
    notice() {},
    async item() {},
  });
}

interface Page {
  readonly assets: { readonly cid: string; readonly title: string }[];
  readonly next: string | null;
}

async function json<T = Page>(path: string): Promise<T> {
  // What the node answers is what the test is about.
  return (await fetch(url + path)).json() as Promise<T>;
}

function assetOf(title: string): string {
  return assets.find((asset) => asset.title === title)?.cid ?? '';
}

describe('assets on loopback', () => {
  it('are listed page by page, with filters', async () => {
    expect(assets).toHaveLength(4);
    const first = await json('/api/v1/assets?limit=3');
    expect(first.assets).toEqual(assets.slice(0, 3));
    const second = await json(`/api/v1/assets?limit=3&cursor=${first.next}`);
    expect(second).toEqual({ assets: assets.slice(3), next: null, total: null });
    expect((await json('/api/v1/assets?q=large')).assets).toHaveLength(1);
    expect((await json('/api/v1/assets?eligible=&media=text')).assets).toHaveLength(2);
    expect((await json('/api/v1/assets?eligible=search_index&policy=gold')).assets).toEqual([]);
  });

  it('are shown and explained as the command line does', async () => {
    const cid = assetOf('T a.txt');
    expect(await json(`/api/v1/assets/${cid}`)).toEqual(await perform('show', { asset: cid }));
    const question = { purpose: 'ai_training', policy: 'gold', requester: 'members', at: AT };
    const { verdict } = (await perform('explain', { asset: cid, ...question })) as {
      verdict: unknown;
    };
    const path = `/api/v1/assets/${cid}/explain?purpose=ai_training&policy=gold&for=members&at=${AT}`;
    expect(await json(path)).toEqual(JSON.parse(JSON.stringify(verdict)));
  });

  it.each([
    ['/api/v1/assets?limit=0', 400, 'input_invalid'],
    ['/api/v1/assets?limit=1e9', 400, 'input_invalid'],
    ['/api/v1/assets?colour=red', 400, 'input_invalid'],
    ['/api/v1/assets?q=a&q=b', 400, 'input_invalid'],
    ['/api/v1/assets?status=lost', 400, 'input_invalid'],
    ['/api/v1/assets?eligible=everything', 400, 'input_invalid'],
    ['/api/v1/assets?eligible=&policy=none', 404, 'policy_unknown'],
    ['/api/v1/assets?cursor=x', 400, 'usage_invalid'],
    ['/api/v1/assets/x', 400, 'input_invalid'],
    [`/api/v1/assets/${UNKNOWN}`, 404, 'not_found'],
    [`/api/v1/assets/${UNKNOWN}/explain?at=now`, 400, 'input_invalid'],
    ['/api/v1/assets/%ff', 400, 'input_invalid'],
    ['/api/v1/nothing', 404, 'not_found'],
    ['/nothing', 404, 'not_found'],
    ['/web/nothing.js', 404, 'not_found'],
  ])('refuse %s with a problem document', async (path, status, code) => {
    const response = await fetch(url + path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ type: 'about:blank', status, code });
  });
});

it('refuses a question longer than any is', async () => {
  const asked = await fetch(`${url}/api/v1/assets?q=${'a'.repeat(12_000)}`);
  expect([asked.status, await asked.json()]).toEqual([
    400,
    expect.objectContaining({ code: 'input_invalid' }),
  ]);
  const long = await fetch(`${url}/api/v1/assets?q=${'a'.repeat(100_000)}`);
  expect(long.headers.get('content-type')).toBe('application/problem+json');
  expect([long.status, await long.json()]).toEqual([
    431,
    expect.objectContaining({ status: 431, code: 'input_invalid' }),
  ]);
});

describe('files on loopback', () => {
  it('come whole, with what a browser needs to keep them and not to run them', async () => {
    const cid = assetOf('T b.html');
    const response = await fetch(`${url}/ipfs/${cid}`);
    expect(await response.text()).toContain('<script>');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: `"${cid}"`,
      'cache-control': 'private, max-age=29030400, immutable',
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('are the bytes that were taken in, whole and in part', async () => {
    const path = `${url}/ipfs/${assetOf('T large')}`;
    const whole = Buffer.from(await (await fetch(path)).arrayBuffer());
    expect(digest(whole)).toBe(digest(large));
    for (const [from, to] of [
      [0, 0],
      [1_048_575, 1_048_577],
      [2_000_000, 2_499_999],
    ] as const) {
      const part = await fetch(path, { headers: { range: `bytes=${from}-${to}` } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to}/2500000`);
      expect(Buffer.from(await part.arrayBuffer()).equals(large.subarray(from, to + 1))).toBe(true);
    }
  });

  it('answer ranges that make no sense as RFC 9110 says', async () => {
    const path = `${url}/ipfs/${assetOf('T a.txt')}`;
    const beyond = await fetch(path, { headers: { range: 'bytes=6-' } });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe('bytes */6');
    for (const range of ['bytes=2-1', 'lines=0-1', `bytes=${'9'.repeat(400)}-`]) {
      const response = await fetch(path, { headers: { range } });
      expect([range, response.status, await response.text()]).toEqual([range, 200, 'a poem']);
    }
    const changed = { range: 'bytes=0-1', 'if-range': '"other"' };
    expect(await (await fetch(path, { headers: changed })).text()).toBe('a poem');
  });

  it('say their size without their bytes, and nothing to whoever has them', async () => {
    const cid = assetOf('T large');
    const head = await fetch(`${url}/ipfs/${cid}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '2500000']);
    const known = await fetch(`${url}/ipfs/${cid}`, { headers: { 'if-none-match': `"${cid}"` } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const empty = await fetch(`${url}/ipfs/${assetOf('T empty')}`);
    expect([empty.status, await empty.text()]).toEqual([200, '']);
  });

  it('lie in directories that are listed', async () => {
    const page = await (await fetch(`${url}/ipfs/${release}`)).text();
    expect(page).toContain(`href="/ipfs/${release}/release.json"`);
    const manifest = await fetch(`${url}/ipfs/${release}/release.json`);
    expect(manifest.headers.get('content-type')).toContain('application/json');
    expect(await manifest.json()).toMatchObject({ name: 'poems' });
  });

  it('are assets, releases and their blocks: no block of another kind', async () => {
    for (const cid of [UNKNOWN, node.archive.ledger.charterCid]) {
      expect((await fetch(`${url}/ipfs/${cid}`)).status).toBe(404);
    }
    expect((await fetch(`${url}/ipfs/QmNotACid`)).status).toBe(400);
    for (const path of ['release.json/x', 'nothing', '%2e%2e/x', '..%2f..%2fkey.pem', '%00']) {
      const response = await raw(`GET /ipfs/${release}/${path} HTTP/1.1\r\n${ownHost()}\r\n\r\n`);
      expect(response, path).toMatch(/^HTTP\/1.1 40[04]/);
    }
    const outside = await raw(`GET /ipfs/../../key.pem HTTP/1.1\r\n${ownHost()}\r\n\r\n`);
    expect(outside).toMatch(/^HTTP\/1.1 40[04]/);
    expect(outside).not.toContain('PRIVATE KEY');
  });

  it('whose bytes are damaged are cut off, never passed on', async () => {
    const { content } = node.archive;
    const read = content.read.bind(content);
    content.read = async function* () {
      yield new Uint8Array(10);
      throw new ArchiveError('block_corrupt', 'damaged');
    };
    try {
      const response = await fetch(`${url}/ipfs/${assetOf('T large')}`);
      await expect(response.arrayBuffer()).rejects.toThrow();
    } finally {
      content.read = read;
    }
  });
});

describe('a web page in the same browser', () => {
  it.each([
    ['a name that points to this machine', { host: 'evil.example' }, 421],
    ['another port of it', { host: '127.0.0.1:1' }, 421],
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['an origin that is opaque', { origin: 'null' }, 403],
    [
      'an image of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      403,
    ],
    [
      'another port of the same site',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      403,
    ],
    [
      'a frame of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      403,
    ],
  ])('reads nothing through %s', async (_what, headers, status) => {
    for (const path of ['/api/v1/assets', `/ipfs/${assetOf('T a.txt')}`]) {
      const { response, body } = await fetched(path, headers);
      // Under /ipfs/ a page may ask for what is public, which this is not.
      const isGateway = path.startsWith('/ipfs/');
      expect(response.statusCode).toBe(status === 403 && isGateway ? 404 : status);
      expect(body).not.toContain('poem');
      // It reads there what is wrong, as anybody would.
      expect(response.headers['access-control-allow-origin']).toBe(isGateway ? '*' : undefined);
    }
  });

  it('may be followed by a link, and the page itself may ask', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await fetched('/api/v1/assets', link)).response.statusCode).toBe(200);
    const own = { origin: url, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
    expect((await fetched('/api/v1/assets', own)).response.statusCode).toBe(200);
  });

  it('can change nothing', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`${url}/api/v1/assets`, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([
        method,
        405,
        'GET, HEAD, POST',
      ]);
    }
    expect((await fetch(`${url}/operations/status`)).status).toBe(404);
  });
});

describe('clients that misbehave', () => {
  it('are let go when their request does not come to an end', async () => {
    const slow = [];
    for (let at = 0; at < 20; at += 1) slow.push(raw('GET /api/v1/assets HTTP/1.1\r\nHost:'));
    expect((await fetch(`${url}/api/v1/assets`)).status).toBe(200);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1.1 408/);
  });

  it('cannot send headers without end', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\n${ownHost()}\r\n${'X-Y: z\r\n'.repeat(5000)}\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431/);
  });

  it('are told what was wrong with what is no request', async () => {
    const answer = await raw('POEM\r\n\r\n');
    expect(answer).toMatch(
      /^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/,
    );
    expect(answer).toContain('"code":"input_invalid"');
  });

  it('that stop reading hold no more than a little of a file', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const sockets = [];
    for (let at = 0; at < 30; at += 1) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET /ipfs/${assetOf('T large')} HTTP/1.1\r\n${ownHost()}\r\n\r\n`);
      socket.pause();
      sockets.push(socket);
    }
    expect((await fetch(`${url}/ipfs/${assetOf('T large')}`)).ok).toBe(true);
    // A leaf being read and its copy, of each of them.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * 2.2 * 1_048_576);
    for (const socket of sockets) socket.destroy();
  });
});

describe('a node', () => {
  it('cuts one of two releases of a name and version that are asked for at once', async () => {
    const body = JSON.stringify({
      ...{ purpose: 'search_index', policy: 'corroborated', requester: 'anyone' },
      ...{ name: 'twice', version: '1.0.0', filter: {}, seed: '' },
    });
    const headers = { 'content-type': 'application/json' };
    const cut = async () => {
      const asked = { method: 'POST', headers, body };
      return (await fetch(`${url}/api/v1/operations/release.cut`, asked)).text();
    };
    const before = node.archive.catalog.releases().length;
    const answers = await Promise.all([cut(), cut()]);
    expect(answers.filter((text) => text.includes('release_exists'))).toHaveLength(1);
    expect(node.archive.catalog.releases()).toHaveLength(before + 1);
  });

  it('says in the home where it is found, and logs no defect', () => {
    expect(JSON.parse(readFileSync(join(home, 'node.json'), 'utf8'))).toEqual({
      pid: process.pid,
      url,
      started: expect.any(String),
    });
    expect(log.filter(({ event }) => event === 'defect')).toEqual([]);
  });

  it('listens where it is told, or not at all, and nowhere else', async () => {
    using folder = temporaryFolder();
    const other = join(folder.path, 'home');
    await foundArchive(other, { name: 'P' });
    const { host } = new URL(url);
    const options = { log: () => {} };
    for (const listen of [host, 'localhost']) {
      await expect(openNode(other, { ...options, listen })).rejects.toMatchObject({
        code: 'usage_invalid',
      });
    }
    await writeFile(
      join(other, 'ringfence.json'),
      '{"version":1,"packs":["packs"],"listen":"off"}',
    );
    {
      await using silent = await openNode(other, options);
      expect(silent.url).toBeNull();
    }
    expect(existsSync(join(other, 'node.json'))).toBe(false);
    await using six = await openNode(other, { ...options, listen: '[::1]:0' });
    expect((await globalThis.fetch(`${six.url}/api/v1/assets`)).status).toBe(200);
  });
});

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function ownHost(): string {
  return `Host: ${new URL(url).host}\r\nAuthorization: ${authorization}\r\nConnection: close`;
}

/** `fetch` would not let a caller say these headers. */
function fetched(path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ response: IncomingMessage; body: string }>((resolve, reject) => {
    const request = get(
      url + path,
      { headers: { authorization, ...headers } },
      async (response) => {
        let body = '';
        for await (const chunk of response) body += chunk;
        resolve({ response, body });
      },
    );
    request.on('error', reject);
  });
}

/** Sends these bytes and returns all that comes back until the other side closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
