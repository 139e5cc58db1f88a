import { expect, it } from 'vitest';
import {
  addressTest,
  isLoopback,
  parseListenAddress,
} from '../../../src/http/connections/listen-address.ts';

it.each([
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['127.8.9.1:65535', '127.8.9.1', 65_535],
  ['localhost:8080', '127.0.0.1', 8080],
  ['[::1]:8080', '::1', 8080],
  ['0.0.0.0:80', '0.0.0.0', 80],
])('listens on %s', (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

it.each([
  ...['', '8080', ':8080', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '::1:80', 'x y'],
  ...['example.org:80', '127.evil.example:80', '[fe80::1%eth0]:80'],
])('knows that %j is no address', (text) => {
  expect(() => parseListenAddress(text)).toThrow(
    expect.objectContaining({ code: 'usage_invalid' }),
  );
});

it('knows what this machine alone reaches', () => {
  const own = ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'];
  const open = ['0.0.0.0', '::', '192.168.1.2', 'fe80::1', '::ffff:10.0.0.1', ''];
  expect(own.map(isLoopback)).toEqual(own.map(() => true));
  expect(open.map(isLoopback)).toEqual(open.map(() => false));
});

it('tells addresses in ranges from others, in either notation', () => {
  const isIn = addressTest(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']) ?? (() => undefined);
  const inside = ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1'];
  const outside = ['11.0.0.1', '192.0.2.8', 'fe80::1', '', 'x'];
  expect(inside.map(isIn)).toEqual(inside.map(() => true));
  expect(outside.map(isIn)).toEqual(outside.map(() => false));
  for (const range of ['10.0.0.0/33', 'example.org', '10.0.0.0/8/8', '']) {
    expect(addressTest([range])).toBeUndefined();
  }
});
