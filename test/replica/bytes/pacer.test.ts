import { expect, it } from 'vitest';
import { type Bandwidth, rateAt } from '../../../src/core/sharing/bandwidth.ts';
import { Pacer } from '../../../src/replica/bytes/pacer.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { byteNode, meet } from './node.ts';

const HOUR = 3_600_000;
const FOREVER = new AbortController().signal;

/** A pacer on a clock that only its own sleeping moves. */
function paced(bandwidth: Bandwidth, start = 0) {
  const clock = { now: start };
  const pacer = new Pacer(
    bandwidth,
    () => clock.now,
    async (ms) => {
      clock.now += ms;
    },
  );
  return { clock, pacer };
}

it('has a rate for each hour of the day, over midnight as well', () => {
  const night = { from: '22:00', to: '06:00', bytesPerSecond: 0 };
  const bandwidth = { bytesPerSecond: 100, hours: [night] };
  const at = (hour: number) => rateAt(bandwidth, hour * HOUR);
  expect([21.99, 22, 23.9, 24, 29.99, 30, 46].map(at)).toEqual([100, 0, 0, 0, 0, 100, 0]);
  expect(rateAt({}, 0)).toBe(Number.POSITIVE_INFINITY);
});

it('lets no more pass than the rate, whoever asks', async () => {
  const { clock, pacer } = paced({ bytesPerSecond: 1000 });
  const one = async () => {
    for (let i = 0; i < 50; i += 1) await pacer.pass(100, FOREVER);
  };
  await Promise.all([one(), one()]);
  expect(clock.now).toBeGreaterThan(9_000);
  expect(clock.now).toBeLessThan(11_000);
});

it('waits for the hour at which something may pass', async () => {
  const hours = [{ from: '00:00', to: '06:00', bytesPerSecond: 0 }];
  const { clock, pacer } = paced({ hours }, 5 * HOUR);
  expect(pacer.isOpen).toBe(false);
  await pacer.pass(1, FOREVER);
  expect(clock.now).toBeGreaterThanOrEqual(6 * HOUR);
  expect(clock.now).toBeLessThan(6 * HOUR + 120_000);
});

it('keeps fetching to the cap, and does not begin outside of its hours', async () => {
  const hub = new MemoryHub();
  await using a = await byteNode(hub, 1);
  await using b = await byteNode(hub, 2);
  const assets = [await a.put(3_000_000), await a.put(3_000_000), await a.put(3_000_000)];
  await meet(b, a);
  const closed = { hours: [{ from: '00:00', to: '06:00', bytesPerSecond: 0 }] };
  const night = paced(closed);
  const refused = await b.replicator(assets, { pacer: night.pacer }).pass(FOREVER);
  expect(refused).toMatchObject({ fetched: 0, receivedBytes: 0, halted: 'schedule' });
  const capped = paced({ bytesPerSecond: 1_000_000 });
  const report = await b.replicator(assets, { pacer: capped.pacer }).pass(FOREVER);
  expect(report).toMatchObject({ fetched: 3, halted: null });
  expect(capped.clock.now).toBeGreaterThan(6_500);
});
