import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { homeToken, homeUrl } from '../../../src/compose/keys/home-token.ts';
import { openNode, type RunningNode } from '../../../src/compose/open-node.ts';
import type { Signer } from '../../../src/core/ports/keys.ts';
import { signUrl } from '../../../src/http/callers/signed-url.ts';
import { createToken, SIGN_IN, signedToken } from '../../../src/http/callers/token.ts';
import { signerOf } from '../../support/keys.ts';
import { performIn } from '../../support/perform.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const reviewer = signerOf('reviewer');
const guest = signerOf('guest of another house');
let node: RunningNode;
/** Both are the organisation's own. */
let one: string;
let other: string;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  const folder = join(temporary.path, 'poems');
  await mkdir(folder);
  await writeFile(join(folder, 'a.txt'), 'a poem');
  await writeFile(join(folder, 'b.txt'), 'b poem');
  await performIn(home, 'ingest', {
    ...{ paths: [folder], collection: 'main', all: true, custody: false },
    ...{ hidden: false, dryRun: false, measured: false },
  });
  const { organisation } = node.archive.ledger.self;
  await performIn(home, 'member.grant', {
    ...{ key: reviewer.did, role: 'reviewer', replica: 'none', organisation },
  });
  await performIn(home, 'member.grant', {
    ...{ key: guest.did, role: 'archivist', replica: 'none', organisation: 'e'.repeat(32) },
  });
  const url = await homeUrl(home, { path: '/api/v1/assets', lifeS: 60 });
  const { assets } = (await (await fetch(node.url + url)).json()) as { assets: { cid: string }[] };
  [one = '', other = ''] = assets.map(({ cid }) => cid);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function signed(path: string, signer: Signer = reviewer, terms = {}): string {
  const audience = node.archive.ledger.self.did;
  return signUrl(path, signer, { audience, now: Date.now(), id: 'x', lifeS: 60, ...terms });
}

async function statusOf(path: string, init?: RequestInit): Promise<number> {
  return (await fetch(node.url + path, init)).status;
}

describe('a signed URL', () => {
  it('opens its path and what is below it, and nothing else', async () => {
    const asset = signed(`/api/v1/assets/${one}`);
    expect(await statusOf(asset)).toBe(200);
    expect(await statusOf(asset.replace('?', '/explain?purpose=ai_training&'))).toBe(200);
    expect(await statusOf(asset.replace(one, other))).toBe(401);
    const bytes = signed(`/ipfs/${one}`);
    const response = await fetch(`${node.url}${bytes}&filename=poem.txt`);
    expect([response.status, await response.text()]).toEqual([200, 'a poem']);
    expect(response.headers.get('cache-control')).toMatch(/^private/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await statusOf(bytes, { method: 'HEAD' })).toBe(200);
    expect(await statusOf(bytes.replace(`/ipfs/${one}`, '/api/v1/assets'))).toBe(401);
    // The path, and not what it is a beginning of.
    expect(await statusOf(bytes.replace('?', 'x?'))).toBe(401);
  });

  it('is not led elsewhere by a path that is read in two ways', async () => {
    const query = signed(`/ipfs/${one}`).replace(/.*\?/, '?');
    for (const path of [
      `/ipfs/${one}/../${other}`,
      `/ipfs/${one}/%2e%2e/${other}`,
      `/ipfs/${one}/..%2f${other}`,
      `/ipfs/${one}%2f..%2f${other}`,
      `/ipfs/${one}//../${other}`,
      `/ipfs//${other}`,
      `/ipfs/${one}/../../ipfs/${other}`,
      `/ipfs/${one}/..\\${other}`,
      `http://${new URL(node.url ?? '').host}/ipfs/${one}/../${other}`,
    ]) {
      const { status } = await rawRequest(node.url ?? '', `${path}${query}`);
      expect([path, [400, 401, 404].includes(status)]).toEqual([path, true]);
    }
  });

  it('reads and does nothing else', async () => {
    const listing = signed('/api/v1/assets');
    expect(await statusOf(listing)).toBe(200);
    expect(await statusOf(listing, { method: 'POST' })).toBe(401);
    const query = listing.replace(/.*\?/, '?');
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await statusOf(`/api/v1/operations/member.list${query}`, post)).toBe(401);
    expect(await statusOf(`/api/v1/events${query}`)).toBe(401);
    const token = query.replace('?signed=', '');
    const headers = { authorization: `Bearer ${token}` };
    expect(await statusOf('/api/v1/assets', { headers })).toBe(401);
  });

  it('gives no more than its signer may read, and nothing once that is revoked', async () => {
    expect(await statusOf(signed(`/ipfs/${one}`, guest))).toBe(404);
    expect(await statusOf(signed(`/ipfs/${one}`, signerOf('stranger')))).toBe(401);
    const url = signed(`/ipfs/${one}`);
    expect(await statusOf(url)).toBe(200);
    await performIn(home, 'member.revoke', { id: reviewer.did });
    const refused = await fetch(node.url + url);
    expect([refused.status, await refused.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'sign_in_invalid' }),
    ]);
  });

  it('is refused when anything of it was altered', async () => {
    const audience = node.archive.ledger.self.did;
    const own = await homeUrl(home, { path: `/ipfs/${one}`, lifeS: 60 });
    const [head = '', body = '', signature = ''] = own.replace(/.*=/, '').split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { exp: number };
    const later = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 60 }));
    const none = Buffer.from('{"alg":"none","typ":"url+jwt"}').toString('base64url');
    const terms = { audience, now: Date.now(), id: 'x', lifeS: 60 };
    const long = { type: 'url+jwt', isUntyped: false, longestS: 1, maker: '' };
    const path = `/ipfs/${one}`;
    for (const [what, token] of Object.entries({
      'another expiry': `${head}.${later.toString('base64url')}.${signature}`,
      'no algorithm': `${none}.${body}.`,
      'another signature': `${head}.${body}.${'A'.repeat(86)}`,
      'a sign-in': await homeToken(home),
      'no path': signedToken(long, guest, terms),
      'a longer life': signedToken(long, guest, { ...terms, lifeS: 700_000 }, { path }),
      'another node': signedToken(long, guest, { ...terms, audience: guest.did }, { path }),
      over: signedToken(long, guest, { ...terms, now: Date.now() - 100_000 }, { path }),
      'a sign-in with a path': signedToken(SIGN_IN, guest, terms, { path }),
      nothing: '',
    })) {
      expect([what, await statusOf(`${path}?signed=${token}`)]).toEqual([what, 401]);
    }
    expect(await statusOf(`${own}&signed=x`)).toBe(401);
    const headers = { authorization: `Bearer ${createToken(guest, terms)}` };
    expect(await statusOf(own, { headers })).toBe(401);
    expect(await statusOf(own)).toBe(200);
  });

  it.each([
    '/api/v1/operations/list',
    '/metrics',
    '/ipfs/',
    '/ipfs/x/../y',
    '/ipfs/x?a',
    'ipfs/x',
    '/ipfs/x%2f..',
    '/api/v1/assetsx',
  ])('is not made for %s', (path) => {
    expect(() => signed(path)).toThrow(expect.objectContaining({ code: 'usage_invalid' }));
  });

  it('is made for seven days at most', () => {
    expect(signed('/api/v1/assets', guest, { lifeS: 604_800 })).toContain('signed=');
    for (const lifeS of [0, 604_801, Number.NaN]) {
      expect(() => signed('/api/v1/assets', guest, { lifeS })).toThrow(/7 days/);
    }
  });
});
