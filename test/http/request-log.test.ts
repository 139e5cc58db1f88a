import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCollection } from '../../src/archive/governing/set-collection.ts';
import { addWebhook } from '../../src/archive/operations/tell-webhooks.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { runOperation } from '../../src/compose/run-operation.ts';
import { defectText } from '../../src/core/defect-text.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { silent } from '../support/silent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Stands for what must not be in the log, wherever it is offered. */
const SECRET = 'Hush-4711';

describe('the log of requests', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const log: LogLine[] = [];
  let node: RunningNode;
  const requests = () => log.filter(({ event }) => event === 'request');

  beforeAll(async () => {
    await foundArchive(home, { name: 'Poems', institution: 'House' });
    node = await openNode(home, { log: (line) => void log.push(line) });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('has a line for each, with the id of its answer, its route and who asked', async () => {
    const owned = await signedFetch(home);
    const answer = await owned(`${node.url}/api/v1/assets?q=x`);
    await answer.text();
    await expect.poll(requests).toHaveLength(1);
    expect(requests()[0]).toMatchObject({
      level: 'note',
      details: {
        request: answer.headers.get('X-Request-Id'),
        ...{ method: 'GET', route: '/api/v1/assets', status: 200, caller: 'owner', isWhole: true },
        ms: expect.any(Number),
      },
    });
  });

  it('has the route of what is under /ipfs/, whatever comes of it', async () => {
    const { length } = requests();
    await (await fetch(`${node.url}/ipfs/bafkqaaa/a`)).text();
    await (await fetch(`${node.url}/ipfs/bafkqaaa?format=raw`)).text();
    await expect.poll(requests).toHaveLength(length + 2);
    const routes = requests().slice(length);
    for (const { details } of routes) expect(details).toMatchObject({ route: '/ipfs/*path' });
  });

  it('has the whole pattern of a file of a release or an upload, of which it names nothing', async () => {
    const { length } = requests();
    for (const path of ['live.json', '', 'w/1/a.tar']) {
      await (await fetch(`${node.url}/d/${SECRET}/1.0.0/${path}`)).text();
    }
    await expect.poll(requests).toHaveLength(length + 3);
    for (const { details } of requests().slice(length)) {
      expect(details).toMatchObject({ route: '/d/*path', status: 404 });
    }
    await (await fetch(`${node.url}/api/v1/uploads/${SECRET}`)).text();
    const uploads = { route: '/api/v1/uploads,/api/v1/uploads/:id', status: 401 };
    await expect.poll(() => requests().at(-1)?.details).toMatchObject(uploads);
    expect(JSON.stringify(log)).not.toContain(SECRET);
  });

  it('has what was no request, and what was late, by the id that its answer has', async () => {
    const { hostname, port } = new URL(node.url ?? '');
    const bodyless = `POST /healthz HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: x\r\n\r\n`;
    const expecting = `GET /healthz HTTP/1.1\r\nHost: ${hostname}:${port}\r\nExpect: ${SECRET}\r\n\r\n`;
    for (const [sent, status, method] of [
      [`${SECRET}\r\n\r\n`, 400, 'other'],
      [bodyless, 400, 'other'],
      [expecting, 417, 'GET'],
    ] as const) {
      const { length } = requests();
      const socket = connect(Number(port), hostname);
      socket.write(sent);
      const answer = await text(socket);
      const [, request] = /^X-Request-Id: (.*)\r$/m.exec(answer) ?? [];
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      await expect.poll(requests).toHaveLength(length + 1);
      const line = { request, method, route: 'none', status };
      expect(requests().at(-1)?.details).toMatchObject(line);
    }
    const measured = await (await fetch(`${node.url}/metrics`)).text();
    expect(measured).toContain('_count{method="other",route="none",status="400"} 2\n');
    expect(JSON.stringify(log)).not.toContain(SECRET);
  });

  it('has nothing of what a caller sends, wherever it stands', async () => {
    const { url } = node;
    const token = await homeToken(home);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asked: readonly [string, RequestInit][] = [
      [`${url}/api/v1/assets?q=${SECRET}&cursor=${SECRET}`, { headers }],
      [`${url}/api/v1/assets/${SECRET}/explain?for=${SECRET}`, { headers }],
      [`${url}/${SECRET}`, {}],
      [`${url}/ipfs/${SECRET}`, {}],
      [`${url}/ipfs/bafkqaaa/${SECRET}?filename=${SECRET}`, {}],
      [`${url}/api/v1/assets`, { headers: { authorization: `Bearer ${SECRET}` } }],
      [`${url}/api/v1/assets`, { headers: { authorization: SECRET } }],
      [`${url}/api/v1/events?types=${SECRET}`, { headers }],
      [`${url}/api/v1/operations/${SECRET}`, { method: 'POST', headers, body: '{}' }],
      [`${url}/api/v1/operations/show`, { method: 'POST', headers, body: `{"${SECRET}` }],
      [`${url}/api/v1/operations/show`, { method: 'POST', headers, body: `["${SECRET}"]` }],
      [
        `${url}/api/v1/operations/erase.plan`,
        { method: 'POST', headers, body: JSON.stringify({ person: SECRET }) },
      ],
      [
        `${url}/api/v1/operations/ingest`,
        { method: 'POST', headers, body: JSON.stringify({ paths: [`/${SECRET}`] }) },
      ],
      [
        `${url}/healthz`,
        {
          method: 'POST',
          body: SECRET,
          headers: {
            cookie: SECRET,
            'idempotency-key': SECRET,
            'if-none-match': SECRET,
            'last-event-id': SECRET,
            referer: `http://${SECRET}/`,
            'user-agent': SECRET,
            'x-forwarded-for': SECRET,
            'x-request-id': SECRET,
          },
        },
      ],
    ];
    const { length } = requests();
    for (const [address, init] of asked) await (await fetch(address, init)).text();
    await expect.poll(requests).toHaveLength(length + asked.length);
    const written = JSON.stringify(log);
    expect(written).not.toContain(SECRET);
    expect(written).not.toContain(token);
    expect(written).not.toContain('127.0.0.1');
  });

  it('has nothing of the address of a webhook but its host', async () => {
    const hook = addWebhook.input.parse({
      url: `http://127.0.0.1:9/${SECRET}`,
      types: ['statements'],
      allowPrivate: true,
    });
    const { secret } = await runOperation(home, addWebhook, hook, silent);
    await setCollection({ name: 'poems', visibility: 'public', readers: [] }, node.archive);
    node.projector.news();
    await expect.poll(() => log.some(({ event }) => event === 'webhook')).toBe(true);
    expect(JSON.stringify(log)).not.toContain(SECRET);
    expect(JSON.stringify(log)).not.toContain(secret);
  });

  it('tells a defect by its places, without what the error quotes', () => {
    const quoting = () => JSON.parse(`{"${SECRET}`);
    const node = () => Buffer.alloc(SECRET as unknown as number);
    for (const failing of [quoting, node]) {
      try {
        failing();
        expect.unreachable();
      } catch (cause) {
        const text = defectText(new Error(SECRET, { cause }));
        expect(text).not.toContain(SECRET);
        expect(text).toMatch(/^Error\n +at .*request-log\.test\.ts[\s\S]*caused by (Syntax|Type)/);
      }
    }
    expect(defectText(new TypeError('x is undefined'))).toMatch(/^TypeError: x is undefined\n/);
    expect(defectText(SECRET)).toBe('a thrown string');
  });
});
