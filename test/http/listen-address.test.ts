import { expect, it } from 'vitest';
import { parseListenAddress } from '../../src/http/listen-address.ts';

it.each([
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['127.8.9.1:65535', '127.8.9.1', 65_535],
  ['localhost:8080', '127.0.0.1', 8080],
  ['[::1]:8080', '::1', 8080],
])('listens on %s', (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

it.each([
  '0.0.0.0:80',
  '[::]:80',
  '192.168.1.2:80',
  'example.org:80',
  '[fe80::1]:80',
  '127.evil.example:80',
])('refuses %s, which others could reach', (text) => {
  expect(() => parseListenAddress(text)).toThrow(/not on loopback/);
});

it.each(['', '8080', ':8080', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '::1:80', 'x y'])(
  'knows that %j is no address',
  (text) => {
    expect(() => parseListenAddress(text)).toThrow(
      expect.objectContaining({ code: 'usage_invalid' }),
    );
  },
);
