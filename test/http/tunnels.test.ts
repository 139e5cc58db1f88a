import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { parseExposure } from '../../src/http/connections/exposure.ts';
import { openServer } from '../../src/http/connections/open-server.ts';
import type { Refused } from '../../src/http/connections/refuse-unreadable.ts';

const exposure = parseExposure({ listen: '127.0.0.1:0', tls: {}, behindProxy: [] });
const refused: Refused[] = [];
const server = await openServer(
  exposure,
  (_req, res) => res.end('here'),
  (one) => refused.push(one),
  () => {},
);
afterAll(() => server[Symbol.asyncDispose]());

it('a client that asks for a tunnel and resets the connection ends nothing', async () => {
  const failed = vi.fn();
  process.on('uncaughtException', failed);
  const { port } = new URL(server.url);
  for (let times = 0; times < 20; times += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('HTTP/1.1 405');
  const told = refused.at(-1);
  expect(told).toMatchObject({ status: 405, requestId: expect.stringMatching(/^[\da-f-]{36}$/) });
  expect(String(answer)).toContain(`X-Request-Id: ${told?.requestId}\r\n`);
  // What is never closed by its client is cut off.
  await once(socket, 'close');
  expect(await (await fetch(server.url)).text()).toBe('here');
  expect(failed).not.toHaveBeenCalled();
});
