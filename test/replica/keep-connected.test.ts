import { expect, it } from 'vitest';
import { keepConnected } from '../../src/replica/keep-connected.ts';
import { eventually } from '../support/eventually.ts';
import { signerOf } from '../support/keys.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';
import { MemoryHub } from '../support/memory-network.ts';

const quick = { random: () => 0, firstPauseMs: 20 };

it('comes back to a node that was killed and started again', async () => {
  await using a = await openLoopbackNetwork('a', { listen: [] });
  const first = await openLoopbackNetwork('b');
  const [address = ''] = first.addresses;
  const listen = [address.replace(/\/p2p\/.*/, '')];
  const ending = new AbortController();
  const failures: string[] = [];
  const kept = keepConnected((options) => a.dial(address, options), {
    ...{ network: a, signal: ending.signal, ...quick },
    onFailure: ({ code }) => failures.push(code),
  });
  await eventually(() => expect(a.peers()).toHaveLength(1));
  await first[Symbol.asyncDispose]();
  await eventually(() => expect(failures).toContain('peer_unreachable'));
  await using second = await openLoopbackNetwork('b', { listen });
  await eventually(() => expect(second.peers()).toHaveLength(1));
  ending.abort();
  await kept;
});

it('waits longer each time, up to a bound, and by chance', async () => {
  const pauses: number[] = [];
  const hub = new MemoryHub();
  await using a = hub.open({ did: signerOf('a').did });
  const ending = new AbortController();
  let before = performance.now();
  await keepConnected((options) => a.dial('/memory/nowhere', options), {
    network: a,
    random: () => 0.5,
    signal: ending.signal,
    firstPauseMs: 20,
    onFailure: () => {
      const now = performance.now();
      pauses.push(now - before);
      before = now;
      if (pauses.length === 4) ending.abort();
    },
  });
  // 20, 40 and 80 ms, each half as much again.
  for (const [i, least] of [30, 60, 120].entries()) {
    expect(pauses[i + 1]).toBeGreaterThanOrEqual(least - 2);
  }
});

it('ends at once while it is connected', async () => {
  const hub = new MemoryHub();
  await using a = hub.open({ did: signerOf('a').did });
  await using b = hub.open({ did: signerOf('b').did });
  const ending = new AbortController();
  const kept = keepConnected((options) => a.dial(b.addresses[0] ?? '', options), {
    network: a,
    signal: ending.signal,
    ...quick,
  });
  await eventually(() => expect(a.peers()).toHaveLength(1));
  ending.abort();
  await kept;
});
