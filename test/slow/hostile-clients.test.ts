import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const LONG = 60_000;

const folder = temporaryFolder();
const home = join(folder.path, 'home');
let node: TestNode;
let host: string;
let picture: string;
let large: string;

beforeAll(async () => {
  const run = async (...args: string[]) => {
    const ran = await runCommand(['--home', home, '--json', ...args]);
    expect(ran.stderr).toBe('');
    return documents(ran);
  };
  const offered = join(folder.path, 'offered');
  await mkdir(offered);
  await writeFile(join(offered, 'a"b;\r\nSet-Cookie: c=d.svg'), SVG);
  await writeFile(join(offered, 'large.bin'), randomBytes(3_000_000));
  await run('init', '--name', 'Prints');
  await run('ingest', offered, '--all', '--collection', 'open');
  await run('collection', 'set', 'open', '--public');
  const assets = (await run('list')) as { readonly cid: string; readonly size: number }[];
  picture = assets.find(({ size }) => size === SVG.length)?.cid ?? '';
  large = assets.find(({ size }) => size > SVG.length)?.cid ?? '';
  node = await startNode(home);
  host = new URL(JSON.parse(await readFile(join(home, 'node.json'), 'utf8')).url).host;
}, 60_000);

afterAll(async () => {
  await node[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function opened(): Socket {
  const [hostname = '', port] = host.split(':');
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  return socket;
}

/** Sends bytes as they are, and returns all that comes until the node ends the connection. */
function answered(request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = opened();
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('close', () => resolve(text));
    socket.write(request, 'latin1');
  });
}

/** `%HOST` stands for a line with the node's own name, `%PICTURE` and `%LARGE` for their CIDs. */
function filled(request: string): string {
  const whole = request.replaceAll('\n', '\r\n').replaceAll('%LF', '\n').replaceAll('%CR', '\r');
  const named = whole.replaceAll('%PICTURE', picture).replaceAll('%LARGE', large);
  return named.replaceAll('%HOST', `Host: ${host}\r\nConnection: close`);
}

const POST = 'POST /api/v1/operations/list HTTP/1.1\n%HOST\nContent-Type: application/json\n';

describe('a request that is none, or that two programs would read in two ways', () => {
  it.each<[string, string, number]>([
    [
      'a length and chunks',
      `${POST}Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\nGET`,
      400,
    ],
    ['two lengths', `${POST}Content-Length: 2\nContent-Length: 3\n\n{}x`, 400],
    ['a length with a sign', `${POST}Content-Length: +2\n\n{}`, 400],
    ['two equal lengths', `${POST}Content-Length: 2\nContent-Length: 2\n\n{}`, 400],
    ['a list of lengths', `${POST}Content-Length: 2, 2\n\n{}`, 400],
    ['a coding that is like chunks', `${POST}Transfer-Encoding: xchunked\n\n2\n{}\n0\n\n`, 400],
    ['chunks twice', `${POST}${'Transfer-Encoding: chunked\n'.repeat(2)}\n2\n{}\n0\n\n`, 400],
    ['a coding without chunks', `${POST}Transfer-Encoding: gzip\n\n2\n{}\n0\n\n`, 400],
    [
      'a chunk of a length like a number of C',
      `${POST}Transfer-Encoding: chunked\n\n0x2\n{}\n0\n\n`,
      400,
    ],
    ['chunks with bare line feeds', `${POST}Transfer-Encoding: chunked\n\n2%LF{}%LF0%LF%LF`, 400],
    [
      'headers without end behind chunks',
      `${POST}Transfer-Encoding: chunked\n\n2\n{}\n0\n${'X-A: b\n'.repeat(12_000)}\n`,
      431,
    ],
    ['chunks that are not the last coding', `${POST}Transfer-Encoding: chunked, x\n\n0\n\n`, 400],
    ['a chunk of a negative length', `${POST}Transfer-Encoding: chunked\n\n-2\n{}\n0\n\n`, 400],
    ['an endless chunk', `${POST}Transfer-Encoding: chunked\n\n${'f'.repeat(20)}\n{}\n`, 400],
    [
      'a chunk with long words',
      `${POST}Transfer-Encoding: chunked\n\n2;${'a'.repeat(LONG)}\n`,
      400,
    ],
    ['a folded header', 'GET / HTTP/1.1\n%HOST\nX-A: b\n c\n\n', 400],
    ['a bare line feed', 'GET / HTTP/1.1%LFHost: a%LF%LF', 400],
    ['a bare return', 'GET / HTTP/1.1\n%HOST\nX-A: b%CRc\n\n', 400],
    ['a space before the colon', 'GET / HTTP/1.1\n%HOST\nX-A : b\n\n', 400],
    ['no host', 'GET /healthz HTTP/1.1\nConnection: close\n\n', 421],
    ['two hosts', 'GET /healthz HTTP/1.1\n%HOST\nHost: example.org\n\n', 421],
    ['another host', 'GET /healthz HTTP/1.1\nHost: example.org\nConnection: close\n\n', 421],
    ['another host in the address', 'GET http://example.org/healthz HTTP/1.1\n%HOST\n\n', 421],
    ['no host in the address', 'GET http:///healthz HTTP/1.1\n%HOST\n\n', 421],
    ['a tunnel', 'CONNECT example.org:80 HTTP/1.1\n%HOST\n\n', 405],
    ['an expectation', `${POST}Expect: wonders\nContent-Length: 2\n\n{}`, 417],
    ['HTTP/2', 'PRI * HTTP/2.0\n\nSM\n\n', 400],
    ['a long header', `GET / HTTP/1.1\n%HOST\nX-A: ${'a'.repeat(70_000)}\n\n`, 431],
    ['thousands of headers', `GET / HTTP/1.1\n%HOST\n${'X-A: b\n'.repeat(12_000)}\n`, 431],
    ['a way out of the folder', 'GET /ipfs/%PICTURE/../../../etc/passwd HTTP/1.1\n%HOST\n\n', 404],
    ['an escaped one', 'GET /web/..%2f..%2fpackage.json HTTP/1.1\n%HOST\n\n', 404],
    ['a long way out', `GET /ipfs/%PICTURE${'/..'.repeat(20_000)} HTTP/1.1\n%HOST\n\n`, 404],
    ['a long way in', `GET /ipfs/%PICTURE/${'a/'.repeat(30_000)} HTTP/1.1\n%HOST\n\n`, 400],
    ['bytes that are no text', 'GET /ipfs/%ff%fe HTTP/1.1\n%HOST\n\n', 400],
    ['half an escape', 'GET /api/v1/assets/%zz/explain HTTP/1.1\n%HOST\n\n', 400],
    ['a long name', `GET /ipfs/z${'z'.repeat(LONG)} HTTP/1.1\n%HOST\n\n`, 400],
    ['a long name of an asset', `GET /api/v1/assets/z${'z'.repeat(LONG)} HTTP/1.1\n%HOST\n\n`, 400],
    ['names of JavaScript', 'GET /api/v1/assets?__proto__=1 HTTP/1.1\n%HOST\n\n', 400],
    [
      'a long token',
      `GET /api/v1/assets HTTP/1.1\n%HOST\nAuthorization: Bearer ${'a'.repeat(LONG)}\n\n`,
      401,
    ],
    ['no byte of a file', 'GET /ipfs/%LARGE HTTP/1.1\n%HOST\nRange: bytes=9999999-\n\n', 416],
  ])('gets a problem document: %s', async (_, request, status) => {
    const started = performance.now();
    const text = await answered(filled(request));
    expect(text.startsWith(`HTTP/1.1 ${status} `), text.slice(0, 200)).toBe(true);
    expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(text).toMatch(/^Content-Type: application\/problem\+json/m);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('a file from anybody', () => {
  it('is sent in as many parts as are asked for at once, in order, or as there is room for', async () => {
    const ask = (at: number, end: string) =>
      filled(`GET /ipfs/%LARGE HTTP/1.1\nHost: ${host}\n${end}Range: bytes=${at}-${at}\n\n`);
    const asked = Array.from({ length: 600 }, (_, at) => ask(at, ''));
    const text = await answered(asked.join('') + ask(600, 'Connection: close\n'));
    const parts = [...text.matchAll(/^Content-Range: bytes (\d+)-/gm)].map(([, at]) => Number(at));
    expect(parts.length).toBeGreaterThan(200);
    expect(parts).toEqual(parts.map((_, at) => at));
    // What is too much at a time is refused, and the connection ended.
    expect(text.match(/^HTTP\/1\.1 503 /gm)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  it.each([
    '1-1111 '.repeat(30),
    '0-0,'.repeat(15_000),
    '0-9,5-14,'.repeat(5000),
    `0-${'9'.repeat(LONG)}`,
  ])('is sent once at most, whatever ranges are asked for', async (ranges) => {
    const request = `GET /ipfs/%LARGE HTTP/1.1\n%HOST\nRange: bytes=${ranges}\n\n`;
    const text = await answered(filled(request));
    expect(text).toMatch(/^HTTP\/1\.1 20[06] /);
    expect(text.length).toBeLessThan(3_010_000);
  });

  it('says nothing in a header that its name or the request would say, and runs nothing', async () => {
    const name = encodeURIComponent('a"b;\r\nSet-Cookie: c=d\r\n\r\n<script>.svg');
    for (const query of ['', `?filename=${name}`, `?filename=${name}&download=true`]) {
      const text = await answered(filled(`GET /ipfs/%PICTURE${query} HTTP/1.1\n%HOST\n\n`));
      const [head = '', body] = text.split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 200 /);
      expect(head).not.toMatch(/^set-cookie/im);
      expect(head).toMatch(/^Content-Security-Policy: default-src 'none';.* sandbox;/m);
      expect(head).toMatch(/^X-Content-Type-Options: nosniff/m);
      expect(body).toBe(SVG);
    }
  });
});

/** So many are begun in a tenth of a second, so that this process itself has time to ask. */
const AT_ONCE = 200;

/** Holds connections that send a byte now and then, new ones for those that the node ends, until disposed. */
function besiege(connections: number): Disposable & { readonly begun: () => number } {
  const open = new Set<Socket>();
  let begun = 0;
  const beginning = setInterval(() => {
    for (let i = 0; i < AT_ONCE && open.size < connections; i += 1) {
      begun += 1;
      const socket = opened();
      open.add(socket);
      socket.once('connect', () => socket.write('GET / HTTP/1.1\r\nX-A: '));
      socket.once('close', () => open.delete(socket));
    }
  }, 100);
  const dripping = setInterval(() => {
    for (const socket of open) socket.write('a');
  }, 1000);
  return {
    begun: () => begun,
    [Symbol.dispose]() {
      clearInterval(beginning);
      clearInterval(dripping);
      for (const socket of open) socket.destroy();
    },
  };
}

/** Asks over a connection of its own, again when it is cut off, and returns how long that took. */
async function timed(): Promise<number> {
  const started = performance.now();
  for (;;) {
    const status = await new Promise<number | undefined>((resolve) => {
      const asked = get(`http://${host}/ipfs/${picture}`, { agent: false }, (response) => {
        response.resume().once('close', () => resolve(response.statusCode));
      });
      asked.once('error', () => resolve(undefined));
    });
    if (status === 200) return performance.now() - started;
  }
}

function residentMiB(): number {
  const status = readFileSync(`/proc/${node.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

it('is answered while thousands of others send nothing but a byte now and then', async () => {
  for (let i = 0; i < 20; i += 1) await timed();
  const before = residentMiB();
  using siege = besiege(5000);
  const waits: number[] = [];
  while (siege.begun() < 10_000 || waits.length < 30) waits.push(await timed());
  expect(Math.max(...waits)).toBeLessThan(30_000);
  expect(residentMiB() - before).toBeLessThan(200);
}, 120_000);
