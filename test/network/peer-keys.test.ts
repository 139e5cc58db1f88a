import { expect, it } from 'vitest';
import { keyReachedAt, withKey } from '../../src/network/peer-keys.ts';
import { signerOf } from '../support/keys.ts';

const { did } = signerOf('ana');

it('tells the key that an address of one node ends in', () => {
  for (const address of [
    '/ip4/10.77.0.2/tcp/4001',
    '/ip6/::1/tcp/4002/ws',
    '/dns4/archive.example/tcp/443/tls/ws',
    '/dns/archive.example/tcp/443/wss',
  ]) {
    expect(keyReachedAt(withKey(address, did))).toBe(did);
  }
});

it('knows no key in what is not one place to dial', () => {
  const tail = withKey('', did);
  for (const address of [
    '/ip4/10.77.0.2/tcp/4001',
    `/dnsaddr/archive.example${tail}`,
    `/ip4/10.77.0.2/tcp/4001${tail}/p2p-circuit${tail}`,
    `/ip4/10.77.0.2/udp/4001/quic-v1${tail}`,
    `/ip4/10.77.0.2.3/tcp/4001${tail}`,
    `/ip4/10.77.0.2/tcp/400100${tail}`,
    `/unix/tmp/socket${tail}`,
    'http://archive.example',
    '',
  ]) {
    expect(keyReachedAt(address)).toBeUndefined();
  }
});

it('leaves an address as it is that ends in the key already', () => {
  const address = withKey('/ip4/10.77.0.2/tcp/4001', did);
  expect(withKey(address, did)).toBe(address);
});
