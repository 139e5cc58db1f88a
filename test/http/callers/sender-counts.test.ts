import { expect, it } from 'vitest';
import { SenderCounts } from '../../../src/http/callers/sender-counts.ts';
import { networkOf } from '../../../src/http/connections/listen-address.ts';

it('counts each sender by itself, and forgets the one counted longest for one too many', () => {
  const counts = new SenderCounts(3_600_000);
  for (let at = 0; at < 65_536; at += 1) counts.take(`sender ${at}`);
  expect(counts.take('sender 1')).toEqual({ used: 2, seconds: 3600 });
  counts.take('one too many');
  expect(counts.take('sender 1').used).toBe(3);
  expect(counts.take('sender 0').used).toBe(1);
});

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2::5', '2001:db8:1:00'],
  ['2001:db8:1:ff:9:8:7:6', '2001:db8:1:00'],
  ['2001:db8:1:100::', '2001:db8:1:01'],
  ['2001:DB8::1:0:0:0:9', '2001:db8:0:00'],
  ['::', '0:0:0:00'],
  ['fe80::1%eth0', 'fe80:0:0:00'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:00'],
  ['nonsense', 'nonsense'],
])('takes %s for a sender of %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
