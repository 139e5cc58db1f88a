import type { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
let node: RunningNode;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

interface SignedIn {
  readonly key: string;
  readonly node: string;
}
type Signing = SignedIn & { readonly privateKey: webcrypto.CryptoKey };

/** What the pages sign with. Their types are those of a browser, so they are not looked at here. */
const PAGES_KEY = new URL('../../src/web/api/browser-key.ts', import.meta.url).href;
const { signInToken, urlToken } = (await import(PAGES_KEY)) as {
  signInToken(identity: Signing): Promise<string>;
  urlToken(identity: Signing, path: string, lifeS: number): Promise<string>;
};

async function linked(): Promise<string> {
  const { path } = await node.archive.browsers.createLink();
  return path.replace(/^\/sign-in#/, '');
}

async function keyPair() {
  // What generates a key that signs gives a pair.
  const pair = (await crypto.subtle.generateKey('Ed25519', false, [
    'sign',
  ])) as webcrypto.CryptoKeyPair;
  const { x = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { privateKey: pair.privateKey, x };
}

function exchange(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${node.url}/api/v1/browsers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function perform(as: typeof fetch, name: string, input: unknown = {}) {
  const url = `${node.url}/api/v1/operations/${name}`;
  const headers = { 'content-type': 'application/json' };
  return as(url, { method: 'POST', headers, body: JSON.stringify(input) });
}

/** A browser as the pages make one: its key signs a token for its requests. */
async function browser() {
  const { privateKey, x } = await keyPair();
  const answer = await exchange({ link: await linked(), key: x }, { 'user-agent': 'Lynx' });
  const identity = { privateKey, ...((await answer.json()) as SignedIn) };
  const as: typeof fetch = async (url, init) => {
    const authorization = `Bearer ${await signInToken(identity)}`;
    return fetch(url, { ...init, headers: { authorization, ...init?.headers } });
  };
  return { identity, as };
}

describe('a sign-in link', () => {
  it('lets the browser that uses it act as the owner until it is removed', async () => {
    const { identity, as } = await browser();
    const owner = await signedFetch(home);
    expect((await perform(as, 'erase.list')).status).toBe(200);
    const { result } = (await (await perform(as, 'browser.list')).json()) as { result: unknown };
    expect(result).toEqual([
      { key: identity.key, agent: 'Lynx', since: expect.any(String), until: expect.any(String) },
    ]);
    expect((await perform(owner, 'browser.remove', { key: identity.key })).status).toBe(200);
    const refused = await perform(as, 'browser.list');
    expect([refused.status, await refused.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'sign_in_invalid' }),
    ]);
    expect((await perform(owner, 'browser.remove', { key: identity.key })).status).toBe(404);
  });

  it('lets that browser sign addresses of everything that it may read of assets', async () => {
    const { identity } = await browser();
    const token = await urlToken(identity, '/api/v1/assets', 60);
    const opened = (path: string) => fetch(`${node.url}${path}?signed=${token}`);
    expect((await opened('/api/v1/assets')).status).toBe(200);
    expect((await opened('/api/v1/operations')).status).toBe(404);
    expect((await opened('/ipfs/bafkqabdqn5sw2')).status).toBe(401);
  });

  it('works once, whoever comes second', async () => {
    const link = await linked();
    const tries = await Promise.all(
      [1, 2, 3].map(async () => exchange({ link, key: (await keyPair()).x })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    const late = await exchange({ link, key: (await keyPair()).x });
    expect(await late.json()).toMatchObject({
      code: 'link_invalid',
      detail: expect.stringContaining('ringfence browser link'),
    });
    expect(readFileSync(join(home, 'browsers.json'), 'utf8')).not.toContain(link);
  });

  it('is not used up by a page of another origin, or by what is no key', async () => {
    const link = await linked();
    const { x } = await keyPair();
    const foreign = await exchange({ link, key: x }, { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    for (const key of ['', `${x}=`, x.slice(1), `${x.slice(0, -1)}B`]) {
      expect((await exchange({ link, key })).status).toBe(400);
    }
    expect((await exchange({ link, key: x, more: 'x'.repeat(2000) })).status).toBe(413);
    expect((await exchange({ link, key: x })).status).toBe(200);
  });
});

describe('the pages', () => {
  it('is run and styled by nothing that others have made', async () => {
    const path = `${node.url}/ipfs/bafkqabdqn5sw2`;
    const as = (dest: string, site: string) =>
      fetch(path, { headers: { 'sec-fetch-dest': dest, 'sec-fetch-site': site } });
    expect((await as('document', 'same-origin')).status).toBe(200);
    expect((await as('image', 'same-origin')).status).toBe(200);
    for (const dest of ['script', 'style', 'worker']) {
      expect((await as(dest, 'same-origin')).status).toBe(400);
    }
  });
});
