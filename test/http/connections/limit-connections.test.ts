import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demandProgress, limitBodies } from '../../../src/http/connections/body-deadlines.ts';
import { limitConnections } from '../../../src/http/connections/limit-connections.ts';

const server = createServer((req, res) => {
  if (req.url === '/upload') demandProgress(req);
  req.resume().once('end', () => res.end('whole'));
});
limitBodies(server);
limitConnections(server, 3);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

/** A connection that has sent this much; resolves when the server has seen it. */
async function opened(sent?: string): Promise<Socket> {
  const seen = once(server, sent === undefined ? 'connection' : 'request');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  if (sent !== undefined) socket.write(sent);
  await seen;
  return socket;
}

const posted = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na`;

it('a flood of connections ends those first that ask nothing, and an upload last', async () => {
  const upload = await opened(posted('/upload'));
  const slow = await opened(posted('/'));
  const silent = await opened();
  const another = await opened();
  await once(silent, 'close');
  const third = await opened(posted('/'));
  await once(another, 'close');
  await opened();
  await once(slow, 'close');
  expect([upload, third].map(({ closed }) => closed)).toEqual([false, false]);
  const answered = once(upload, 'data');
  upload.write('bc');
  expect(String((await answered)[0])).toMatch(/^HTTP\/1\.1 200 /);
  // Between two requests it is one that asks nothing.
  const ended = once(upload, 'close');
  for (let times = 0; times < 3; times += 1) await opened();
  await ended;
});
