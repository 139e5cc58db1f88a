import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../../src/compose/open-node.ts';
import { signedFetch } from '../../support/signed-fetch.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
let node: RunningNode;
let owner: typeof fetch;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems' });
  const path = join(home, 'ringfence.json');
  const settings = JSON.parse(readFileSync(path, 'utf8'));
  const more = { behindProxy: ['127.0.0.1'], rates: { perAddress: 3, perKey: 5 } };
  writeFileSync(path, JSON.stringify({ ...settings, ...more }));
  node = await openNode(home, { log: () => {} });
  owner = await signedFetch(home);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

/** Asks as the proxy does for somebody at an address. */
function askFrom(address: string, by: typeof fetch = fetch, headers = {}): Promise<Response> {
  const all = { ...headers, 'x-forwarded-for': address };
  return by(`${node.url}/api/v1/assets`, { headers: all });
}

async function statusesFrom(address: string, times: number, by?: typeof fetch, headers = {}) {
  const statuses: number[] = [];
  for (let at = 0; at < times; at += 1) {
    statuses.push((await askFrom(address, by, headers)).status);
  }
  return statuses;
}

it('an address has a share of requests, and is told how much of it is left', async () => {
  const first = await askFrom('203.0.113.1');
  expect(first.headers.get('ratelimit-policy')).toBe('"perAddress";q=3;w=60');
  expect(first.headers.get('ratelimit')).toMatch(/^"perAddress";r=2;t=\d+$/);
  expect(await statusesFrom('203.0.113.1', 3)).toEqual([200, 200, 429]);
  const refused = await askFrom('203.0.113.1');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', retryable: true });
  const under = await fetch(`${node.url}/ipfs/bafkqabtimvwgy3yk`, {
    headers: { 'x-forwarded-for': '203.0.113.1', origin: 'https://elsewhere.example' },
  });
  // A page of another origin reads why, and when to come back.
  expect([under.status, under.headers.get('access-control-allow-origin')]).toEqual([429, '*']);
  expect(under.headers.get('access-control-expose-headers')).toContain('Retry-After');
});

it('others have their own, of IPv6 a network together', async () => {
  expect(await statusesFrom('203.0.113.2', 1)).toEqual([200]);
  expect(await statusesFrom('2001:db8:0:1::1', 2)).toEqual([200, 200]);
  expect(await statusesFrom('2001:db8:0:2::2', 2)).toEqual([200, 429]);
});

it('a key has its own, from wherever it comes, and a sign-in that fails counts for the address', async () => {
  expect(await statusesFrom('203.0.113.1', 5, owner)).toEqual([200, 200, 200, 200, 200]);
  expect(await statusesFrom('203.0.113.9', 1, owner)).toEqual([429]);
  const wrong = { authorization: 'Bearer e30.e30.e30' };
  expect(await statusesFrom('203.0.113.4', 4, fetch, wrong)).toEqual([401, 401, 401, 429]);
});

it('what a proxy hands on is counted, even where it says loopback or no address', async () => {
  expect(await statusesFrom('127.0.0.1', 4)).toEqual([200, 200, 200, 429]);
  // All of them by the address of the proxy, as which that loopback was counted.
  expect(await statusesFrom('unknown', 1)).toEqual([429]);
  expect(await statusesFrom('_hidden', 1)).toEqual([429]);
});

it('a link that signs nobody in counts for the address', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.5', 'content-type': 'application/json' };
  const path = `${node.url}/api/v1/browsers`;
  const open = async () => (await fetch(path, { method: 'POST', headers, body: '{}' })).status;
  expect([await open(), await open(), await open(), await open()]).toEqual([400, 400, 400, 429]);
});

it('this machine is not counted', async () => {
  for (let at = 0; at < 8; at += 1) {
    expect((await fetch(`${node.url}/api/v1/assets`)).status).toBe(200);
  }
});
