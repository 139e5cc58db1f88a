import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventHub } from '../../src/archive/events/event-hub.ts';
import { WebhookDelivery } from '../../src/archive/events/webhook-delivery.ts';
import { declareAssets } from '../../src/archive/operations/state-things.ts';
import { takeFiles } from '../../src/archive/operations/take-files.ts';
import { WebhookFile } from '../../src/compose/files/webhook-file.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import type { Webhook } from '../../src/core/ports/webhooks.ts';
import { isGlobalAddress } from '../../src/http/webhooks/global-address.ts';
import { webhookPoster } from '../../src/http/webhooks/post-webhook.ts';
import { signedHeaders } from '../../src/http/webhooks/sign-message.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FILES_ALONE, madeByHand } from '../support/trial-node.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const QUIET = {
  signal: new AbortController().signal,
  progress() {},
  notice() {},
  async item() {},
};

const temporary = temporaryFolder();
let archive: OpenedArchive;
let hub: EventHub;
let poem: string;

beforeAll(async () => {
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  archive = await openArchive(home);
  hub = new EventHub({ ...archive, at: () => '2026-11-28T10:00:00Z' });
  const offered = join(temporary.path, 'offered');
  await mkdir(offered);
  await writeFile(join(offered, 'a.txt'), 'a poem');
  await takeFiles.run(archive, { ...FILES_ALONE, all: true, paths: [offered] }, QUIET);
  poem = archive.catalog.list({}, { limit: 1 }).assets[0]?.cid ?? '';
});
afterAll(async () => {
  hub[Symbol.dispose]();
  await archive[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function declare(): Promise<unknown> {
  return declareAssets.run(archive, madeByHand(poem), QUIET);
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who is told, and answers with the statuses given, then with 204. */
async function receiver(...statuses: number[]) {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    received.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
    res.writeHead(statuses.shift() ?? 204, { location: '/elsewhere' }).end('x'.repeat(100_000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

let made = 0;

/** The webhooks of a home of their own, told of what happens in the archive. */
async function delivery(url: string, types: Webhook['types'] = ['statements']) {
  made += 1;
  const id = `whk_${String(made).padStart(16, '0')}`;
  const webhooks = new WebhookFile(join(temporary.path, `webhooks-${made}.json`));
  const upTo = archive.ledger.size() - 1;
  await webhooks.add({ id, url, types, secret: SECRET, allowPrivate: true, upTo });
  const start = () =>
    new WebhookDelivery({
      ...archive,
      ...{ hub, webhooks, log() {}, retrySeconds: [0.01] },
      post: webhookPoster(archive.clock),
    });
  return { webhooks, start };
}

describe('webhooks', () => {
  it('are told in order, signed, and again until they have taken it', async () => {
    await using there = await receiver(500, 302);
    const { webhooks, start } = await delivery(there.url);
    await using _running = start();
    await declare();
    await declare();
    await expect.poll(() => there.received.length).toBe(4);
    const ids = there.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[1]).toBe(ids[2]);
    expect(ids[3]).not.toBe(ids[2]);
    const arrivals = there.received.map(({ body }) => JSON.parse(body).data.arrival);
    expect(arrivals[3]).toBe(arrivals[0] + 1);
    for (const { headers, body } of there.received) {
      const key = Buffer.from(SECRET.slice(6), 'base64');
      const said = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const signature = createHmac('sha256', key).update(said).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    }
    await expect.poll(() => webhooks.list()[0]?.upTo).toBe(archive.ledger.size() - 1);
  });

  it('that were away are told what they missed when the node starts again', async () => {
    await using there = await receiver(500);
    const { start } = await delivery(there.url);
    await declare();
    await using first = start();
    await expect.poll(() => there.received.length).toBeGreaterThan(0);
    await first[Symbol.asyncDispose]();
    const before = there.received.length;
    await declare();
    await using _second = start();
    await expect.poll(() => there.received.length).toBeGreaterThan(before);
  });

  it('that want no more are taken off the list', async () => {
    await using there = await receiver(410);
    const { webhooks, start } = await delivery(there.url);
    await using _running = start();
    await declare();
    await expect.poll(() => webhooks.list()).toEqual([]);
  });

  it('in private networks are refused unless they are allowed', async () => {
    const webhooks = new WebhookFile(join(temporary.path, 'refused.json'));
    const given = { id: 'whk_0000000000000000', types: [], secret: SECRET, upTo: -1 };
    for (const url of [
      'http://example.org/',
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://[::1]/',
      'https://[::ffff:10.0.0.1]/',
      'https://user:secret@example.org/',
      'ftp://example.org/',
      'here',
    ]) {
      const added = webhooks.add({ ...given, url, allowPrivate: false });
      await expect(added, url).rejects.toMatchObject({ code: 'peer_refused' });
    }
    const named = { ...given, url: 'https://localhost:9/', allowPrivate: false };
    await webhooks.add(named);
    const post = webhookPoster(archive.clock);
    const sent = post(named, { id: 'evt', body: '{}' }, QUIET.signal);
    await expect(sent).rejects.toMatchObject({ code: 'peer_refused' });
  });
});

it('addresses of the public internet are told from all others', () => {
  for (const address of ['93.184.215.14', '2606:2800:21f:cb07::1']) {
    expect(isGlobalAddress(address), address).toBe(true);
  }
  for (const address of [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.9.9.9', '169.254.169.254', '172.31.0.1'],
    ...['192.168.1.1', '198.19.0.1', '224.0.0.1', '255.255.255.255', '::', '::1'],
    ...['::ffff:127.0.0.1', '::ffff:93.184.215.14', 'fe80::1', 'fd00::1', 'ff02::1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', 'localhost', ''],
  ]) {
    expect(isGlobalAddress(address), address).toBe(false);
  }
});

it('messages are signed as the example of Standard Webhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
  expect(signedHeaders({ secret }, message, 1614265330)['webhook-signature']).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});
