import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { endIdle } from '../../../src/http/connections/idle-connections.ts';

async function serve(answer: RequestListener) {
  const server = createServer(answer);
  endIdle(server, 50);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port, [Symbol.dispose]: () => void server.close() };
}

it('a client waits for its answer for as long as the node works at it', async () => {
  using served = await serve(async (_req, res) => {
    await once(served.server, 'timeout');
    res.end('done');
  });
  const answer = await fetch(`http://127.0.0.1:${served.port}`);
  expect(await answer.text()).toBe('done');
});

it('a client that asks nothing is let go', async () => {
  using served = await serve((_req, res) => res.end());
  const socket = connect(served.port, '127.0.0.1');
  await once(socket, 'close');
});

it('a client that takes nothing of its answer is let go, whatever it asks besides', async () => {
  using served = await serve((_req, res) => void res.write(Buffer.alloc(64 << 20)));
  const accepted = once(served.server, 'connection');
  const socket = connect(served.port, '127.0.0.1').pause();
  socket.on('error', () => {});
  const asked = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  socket.write(asked + asked);
  const [connection] = await accepted;
  await once(connection, 'close');
  socket.destroy();
});
