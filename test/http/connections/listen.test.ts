import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { closeServer } from '../../../src/http/connections/close-server.ts';
import { listen } from '../../../src/http/connections/listen.ts';

const OPTIONS = { keepAlive: true, keepAliveInitialDelay: 60_000 };
const HOST = '127.0.0.1';
const FEW_DESCRIPTORS = fileURLToPath(
  new URL('../../support/children/few-descriptors.ts', import.meta.url),
);

async function open(port = 0) {
  const server = createServer((_req, res) => res.end('here'));
  const others = await listen(server, { host: HOST, port }, OPTIONS, {
    onError: (error) => {
      throw error;
    },
    onFewer: (sockets, cause) => {
      throw new Error(`${sockets} sockets only`, { cause });
    },
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => closeServer(server, others),
  };
}

it('an address where another one listens is refused, and is free once that one has closed', async () => {
  const first = await open();
  await expect(open(first.port)).rejects.toMatchObject({ code: 'usage_invalid' });
  const answer = await fetch(`http://${HOST}:${first.port}/`);
  expect(await answer.text()).toBe('here');
  await first[Symbol.asyncDispose]();
  await expect(fetch(`http://${HOST}:${first.port}/`)).rejects.toThrow();
  await using again = await open(first.port);
  expect(again.port).toBe(first.port);
});

it.runIf(process.platform === 'linux')(
  'several connections are accepted in each turn of the event loop',
  async () => {
    await using opened = await open();
    let accepted = 0;
    opened.server.on('connection', () => {
      accepted += 1;
    });
    const clients = Array.from({ length: 96 }, () => connect(opened.port, HOST));
    // The system has them all before this loop accepts the first.
    await Promise.all(clients.map((client) => once(client, 'connect')));
    let turns = 0;
    for (; accepted < clients.length; turns += 1) await setImmediate();
    expect(turns).toBeLessThan(clients.length / 2);
    for (const client of clients) client.destroy();
  },
);

it('connections that stay open are closed with it', async () => {
  const opened = await open();
  let accepted = 0;
  opened.server.on('connection', () => {
    accepted += 1;
  });
  const clients = Array.from({ length: 40 }, () => connect(opened.port, HOST));
  await expect.poll(() => accepted).toBe(clients.length);
  const gone = clients.map((client) => once(client.resume(), 'close'));
  await opened[Symbol.asyncDispose]();
  await Promise.all(gone);
});

it.runIf(process.platform === 'linux')(
  'where descriptors run out, it goes on with the sockets that it got, and has some left for clients',
  () => {
    const limited = ['-c', 'ulimit -n 128 && exec "$@"', 'sh', process.execPath, FEW_DESCRIPTORS];
    const told = JSON.parse(execFileSync('sh', limited, { encoding: 'utf8' }));
    expect(told).toMatchObject({
      why: expect.stringContaining('EMFILE'),
      sockets: told.others + 1,
    });
    expect(told.others).toBeGreaterThan(0);
    expect(told.others).toBeLessThan(12);
    expect(told.answer).toMatch(/^HTTP\/1.1 200 [\s\S]*here$/);
  },
);
