import { writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../../src/compose/open-node.ts';
import { hasProgram } from '../../support/has-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCertificate } from '../../support/test-certificate.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const NAME = 'archive.example';
const PUBLIC = { publicUrl: `https://${NAME}` };

beforeAll(() => foundArchive(home, { name: 'Poems', institution: 'House' }));
afterAll(() => temporary[Symbol.dispose]());

async function opened(settings: Readonly<Record<string, unknown>>): Promise<RunningNode> {
  const value = { version: 1, packs: ['packs'], ...settings };
  await writeFile(join(home, 'ringfence.json'), JSON.stringify(value));
  return openNode(home, { log: () => {} });
}

interface Asked {
  readonly status: number;
  readonly body: string;
  readonly certificate: string;
}

function ask(options: RequestOptions & { readonly tls?: Buffer }): Promise<Asked> {
  const { tls, ...rest } = options;
  const send = tls === undefined ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const read = async (answer: IncomingMessage) => {
      // As the options say.
      const socket = answer.socket as TLSSocket;
      const certificate = tls === undefined ? '' : socket.getPeerCertificate().fingerprint256;
      let body = '';
      for await (const chunk of answer) body += chunk;
      resolve({ status: answer.statusCode ?? 0, body, certificate });
    };
    const secure = tls === undefined ? {} : { ca: tls, servername: NAME };
    const sent = send({ path: '/healthz', agent: false, ...secure, ...rest }, read);
    sent.on('error', reject);
    sent.end();
  });
}

/** The port that a node listens on, whatever it is called. */
function portOf(node: RunningNode, listen: string): number {
  return Number(new URL(node.url ?? '').port || listen.split(':').at(-1));
}

describe('settings of where to answer', () => {
  it.each([
    ['an address that others reach', { listen: '0.0.0.0:0' }, /not on loopback/],
    ['every address of IPv6', { listen: '[::]:0' }, /not on loopback/],
    ['a name', { listen: 'example.org:80' }, /no address/],
    ['half of TLS', { tls: { cert: 'cert.pem' } }, /both/],
    ['files that are not there', { tls: { cert: 'a', key: 'b' } }, /no certificate/],
    ['a proxy by its name', { behindProxy: ['proxy.example'] }, /addresses/],
    ['a public address without TLS', { publicUrl: 'http://archive.example' }, /https/],
    ['a path in it', { publicUrl: 'https://archive.example/a' }, /https/],
  ])('are refused for %s', async (_what, settings, text) => {
    await expect(opened(settings)).rejects.toMatchObject({
      code: 'usage_invalid',
      message: expect.stringMatching(text),
    });
  });
});

describe('a node with a name', () => {
  const listen = '127.0.0.1:0';

  it('answers to that name and its own, whatever else a request says of it', async () => {
    await using node = await opened({ listen });
    const port = portOf(node, listen);
    const status = async (headers: RequestOptions['headers']) =>
      (await ask({ host: '127.0.0.1', port, headers })).status;
    const forwarded = { 'x-forwarded-host': `localhost:${port}`, 'x-forwarded-proto': 'https' };
    expect(await status({ host: `localhost:${port}` })).toBe(200);
    expect(await status({ host: `LOCALHOST:${port}` })).toBe(200);
    for (const host of [NAME, 'localhost', `localhost.${NAME}:${port}`, `127.0.0.1:${port}@x`]) {
      expect([host, await status({ host, ...forwarded })]).toEqual([host, 421]);
    }
  });

  it('tells its measures to this machine and private networks, as far as a proxy names one', async () => {
    await using node = await opened({ listen, behindProxy: ['127.0.0.1'] });
    const metrics = { host: '127.0.0.1', port: portOf(node, listen), path: '/metrics' };
    const statusFrom = async (address: string) =>
      (await ask({ ...metrics, headers: { 'x-forwarded-for': address } })).status;
    for (const address of ['10.1.2.3', '192.168.0.9', '::ffff:172.16.0.1', 'fd00::1', 'fe80::1']) {
      expect([address, await statusFrom(address)]).toEqual([address, 200]);
    }
    for (const address of ['127.0.0.1', '::1', '8.8.8.8', '2001:4860::1', '100.64.0.1']) {
      expect([address, await statusFrom(address)]).toEqual([address, 403]);
    }
    for (const address of ['unknown', '10.1.2.3:4', '0', '8.8.8.8, _hidden', '']) {
      expect([address, await statusFrom(address)]).toEqual([address, 403]);
    }
    expect((await ask(metrics)).status).toBe(200);
  });

  it('believes the proxies that it has been told of, and nobody else, whence a request comes', async () => {
    const near = { 'x-forwarded-for': '10.0.0.9' };
    for (const [behindProxy, expected] of [
      [['127.0.0.0/8'], 200],
      [['10.0.0.1'], 403],
    ] as const) {
      await using node = await opened({ listen, behindProxy });
      const port = portOf(node, listen);
      const metrics = { host: '127.0.0.1', port, path: '/metrics' };
      expect((await ask({ ...metrics, headers: near })).status).toBe(expected);
      expect((await ask(metrics)).status).toBe(200);
    }
  });
});

describe.skipIf(!hasProgram('openssl', 'version', /SSL/))('TLS (skipped without openssl)', () => {
  it('is done with a certificate, and with a renewed one from then on', async () => {
    const first = writeCertificate(home, NAME);
    const tls = { cert: 'tls-cert.pem', key: 'tls-key.pem' };
    // An address off loopback is let through with it.
    const listen = '0.0.0.0:0';
    await using local = await opened({ listen, tls });
    const port = portOf(local, listen);
    const of = (ca: Buffer, headers = {}) =>
      ask({ host: '127.0.0.1', port, tls: ca, headers: { host: `127.0.0.1:${port}`, ...headers } });
    const { status, certificate } = await of(first);
    expect([local.url, status]).toEqual([`https://127.0.0.1:${port}`, 200]);
    const origin = (scheme: string) => ({ origin: `${scheme}://127.0.0.1:${port}` });
    expect((await of(first, origin('https'))).status).toBe(200);
    expect((await of(first, origin('http'))).status).toBe(403);
    await expect(ask({ host: '127.0.0.1', port })).rejects.toThrow();
    const second = writeCertificate(home, NAME);
    await expect
      .poll(() =>
        of(second).then(
          (asked) => asked.certificate !== certificate,
          () => false,
        ),
      )
      .toBe(true);
  });
});

const [outside] = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4');

describe.skipIf(outside === undefined)('off loopback (skipped without a network)', () => {
  const host = outside?.address ?? '';

  it('answers its proxies by the public name, and refuses everybody else without TLS', async () => {
    const listen = `${host}:0`;
    for (const [behindProxy, expected] of [
      [[host], 200],
      [['192.0.2.1'], 403],
    ] as const) {
      const free = await opened({ listen, behindProxy });
      const port = portOf(free, listen);
      await free[Symbol.asyncDispose]();
      await using node = await opened({ listen: `${host}:${port}`, behindProxy, ...PUBLIC });
      expect(node.url).toBe(PUBLIC.publicUrl);
      const status = async (headers: RequestOptions['headers']) =>
        (await ask({ host, port, headers: { host: NAME, ...headers } })).status;
      expect(await status({})).toBe(expected);
      expect(await status({ origin: PUBLIC.publicUrl })).toBe(expected);
      expect(await status({ origin: `http://${NAME}` })).toBe(403);
    }
  });
});
