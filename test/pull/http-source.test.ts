import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HttpSource } from '../../src/pull/http-source.ts';
import { openDispatcher } from '../../src/pull/open-dispatcher.ts';

/** Starts a server that sends chunks of this size until nobody listens, and reads from it; ten seconds pass with each look at the clock. */
async function bytesFrom(chunk: number, atMost: number): Promise<number> {
  const server = createServer(async (_req, res) => {
    while (!res.destroyed) {
      res.write(Buffer.alloc(chunk));
      await setTimeout(1);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using dispatcher = {
    made: openDispatcher({}),
    [Symbol.asyncDispose]: () => dispatcher.made.destroy(),
  };
  let now = 0;
  const source = new HttpSource(
    { base: `http://127.0.0.1:${port}`, query: '' },
    { token: () => undefined, signal: new AbortController().signal },
    {
      dispatcher: dispatcher.made,
      wait: async () => {},
      randomBytes: (length) => new Uint8Array(length),
      clock: () => {
        now += 10_000;
        return now;
      },
    },
  );
  let bytes = 0;
  try {
    const body = await source.open('file', 0);
    for await (const part of body.bytes) {
      bytes += part.length;
      if (bytes > atMost) break;
    }
    return bytes;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('gives up a line that brings a byte now and then', async () => {
  await expect(bytesFrom(1, 1_000_000)).rejects.toMatchObject({
    code: 'peer_unreachable',
    retryable: true,
    message: expect.stringMatching(/sent \d+ bytes in \d+ seconds/),
  });
});

it('keeps one that is slow and does bring something', async () => {
  expect(await bytesFrom(16_384, 1_000_000)).toBeGreaterThan(1_000_000);
});
