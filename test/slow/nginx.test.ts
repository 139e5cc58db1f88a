import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCollection } from '../../src/archive/governing/set-collection.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { eventually } from '../support/eventually.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCertificate } from '../support/test-certificate.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../deploy/nginx.conf'), 'utf8');
const NAME = 'archive.example';

const hasNginx = hasProgram('nginx', '-v', /nginx/);

describe.skipIf(!hasNginx)('a node behind nginx (skipped without it)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  let ca: Buffer;
  let port = 0;
  let node: RunningNode;
  let nginx: ReturnType<typeof spawn>;

  beforeAll(async () => {
    await foundArchive(home, { name: 'Poems', institution: 'House' });
    const path = join(home, 'ringfence.json');
    const settings = JSON.parse(readFileSync(path, 'utf8'));
    const proxied = { publicUrl: `https://${NAME}`, behindProxy: ['127.0.0.1'] };
    writeFileSync(path, JSON.stringify({ ...settings, ...proxied }));
    const behind = `127.0.0.1:${await freePort()}`;
    node = await openNode(home, { log() {}, listen: behind });
    ca = writeCertificate(temporary.path, NAME);
    port = await freePort();
    nginx = spawn('nginx', ['-c', writeConfig(behind)], { stdio: 'inherit' });
    await eventually(async () => expect(await statusOf('/healthz')).toBe(200));
  });
  afterAll(async () => {
    const ended = once(nginx, 'exit');
    if (nginx.kill()) await ended;
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  /** The example as it is, but for its places. */
  function writeConfig(behind: string): string {
    const { path } = temporary;
    const places: readonly [string, string][] = [
      ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
      ['listen [::]:443 ssl;', ''],
      [`/etc/ssl/${NAME}/fullchain.pem`, join(path, 'tls-cert.pem')],
      [`/etc/ssl/${NAME}/privkey.pem`, join(path, 'tls-key.pem')],
      ['http://127.0.0.1:8080', `http://${behind}`],
    ];
    const server = places.reduce((config, [from, to]) => {
      expect(config).toContain(from);
      return config.replace(from, to);
    }, EXAMPLE);
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const folders = kinds.map((kind) => `${kind}_temp_path ${path}/${kind};`).join('\n');
    const isRoot = process.getuid?.() === 0;
    const config = join(path, 'nginx.conf');
    writeFileSync(
      config,
      `${isRoot ? 'user root;' : ''} daemon off; pid ${path}/nginx.pid; error_log ${path}/error.log;
       events {} http { ${folders} ${server} }`,
    );
    return config;
  }

  function ask(path: string, more: { method?: string; headers?: object } = {}): ClientRequest {
    const headers = { host: NAME, ...more.headers };
    const place = { host: '127.0.0.1', port, servername: NAME, ca, agent: false };
    return request({ ...place, ...more, path, headers });
  }

  async function answerOf(asked: ClientRequest): Promise<IncomingMessage> {
    const [answer] = await once(asked, 'response');
    return answer;
  }

  async function statusOf(path: string): Promise<number | undefined> {
    try {
      const answer = await answerOf(ask(path).end());
      answer.resume();
      return answer.statusCode;
    } catch {
      return undefined;
    }
  }

  const signed = async () => ({ authorization: `Bearer ${await homeToken(home)}` });

  it('has its answers as they are', async () => {
    const answer = await answerOf(ask('/api/v1/assets').end());
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['x-request-id']).toBeDefined();
    expect(JSON.parse(await text(answer))).toMatchObject({ assets: [] });
  });

  it('has its events when they happen', async () => {
    const asked = ask('/api/v1/events?types=statements', { headers: await signed() });
    const answer = await answerOf(asked.end());
    let told = '';
    answer.setEncoding('utf8').on('data', (chunk) => {
      told += chunk;
    });
    answer.on('error', () => {});
    await expect.poll(() => told).toContain('retry:');
    await setCollection({ name: 'poems', visibility: 'public', readers: [] }, node.archive);
    node.projector.news();
    await expect.poll(() => told, { timeout: 60_000 }).toContain('event: statements');
    asked.destroy();
  });

  it('has its uploads taken in as they come', async () => {
    const refused = ask('/api/v1/assets?name=a.txt', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'content-length': 10_000_000 },
    });
    refused.on('error', () => {});
    refused.write('the beginning');
    // Nothing more is sent: were it kept until it is whole, nobody would answer.
    expect((await answerOf(refused)).statusCode).toBe(401);
    refused.destroy();
    const bytes = randomBytes(3_000_000).toString('base64');
    const taken = ask('/api/v1/assets?name=b.txt', {
      method: 'POST',
      headers: { ...(await signed()), 'content-type': 'application/octet-stream' },
    });
    const answer = await answerOf(taken.end(bytes));
    expect(answer.statusCode, await text(answer)).toBe(201);
  });

  it('has nothing written down of what opens a signed URL, whatever fails', async () => {
    const path = '/ipfs/bafkqaaa?signed=Hush-4711';
    expect(await statusOf(path)).toBe(401);
    await node[Symbol.asyncDispose]();
    expect(await statusOf(path)).toBe(502);
    for (const name of readdirSync(temporary.path, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.log')) continue;
      expect([name, readFileSync(join(temporary.path, name), 'utf8')]).toEqual([name, '']);
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
