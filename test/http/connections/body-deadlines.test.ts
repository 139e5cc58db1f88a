import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { demandProgress, limitBodies } from '../../../src/http/connections/body-deadlines.ts';

afterEach(() => vi.useRealTimers());

/** A request without an end, to a server that lets it take this long. */
async function sending(withinMs?: number) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  let asked: IncomingMessage | undefined;
  const server = createServer((req) => {
    asked = req;
    demandProgress(req, withinMs);
    req.resume();
  });
  limitBodies(server);
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port.
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => {});
  client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  await once(server, 'request');
  const arrived = () => asked?.socket.bytesRead ?? 0;
  let sent = 0;
  return {
    /** Sends this much, and lets ten seconds go by when it has come; says whether the request goes on. */
    async tenSecondsWith(bytes: number): Promise<boolean> {
      client.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
      sent += bytes;
      await expect.poll(arrived).toBeGreaterThan(sent);
      vi.advanceTimersByTime(10_000);
      return asked?.socket.destroyed === false;
    },
    [Symbol.dispose]() {
      client.destroy();
      server.close();
    },
  };
}

it('a body that comes goes on for as long as it is let, and no longer', async () => {
  using request = await sending(30_000);
  expect(await request.tenSecondsWith(20_000)).toBe(true);
  expect(await request.tenSecondsWith(20_000)).toBe(true);
  expect(await request.tenSecondsWith(20_000)).toBe(false);
});

it('a body that hardly comes is cut off', async () => {
  using request = await sending();
  for (let at = 0; at < 20; at += 1) expect(await request.tenSecondsWith(20_000)).toBe(true);
  expect(await request.tenSecondsWith(10_000)).toBe(false);
});
