import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import { createToken } from '../../src/http/token.ts';
import { signerOf } from '../support/keys.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const folder = join(home, 'uploads');
const archivist = signerOf('archivist');
const bytes = randomBytes(2_500_000);
let node: RunningNode;
let owner: typeof fetch;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  owner = await signedFetch(home);
  const { organisation } = node.archive.ledger.self;
  const input = { role: 'archivist', replica: 'none', key: archivist.did, organisation };
  await owner(`${node.url}/api/v1/operations/member.grant`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function as(signer: Signer): typeof fetch {
  const audience = node.archive.ledger.self.did;
  const authorization = `Bearer ${createToken(signer, { audience, now: Date.now(), id: 'x' })}`;
  return (url, init) => fetch(url, { ...init, headers: { ...init?.headers, authorization } });
}

const TUS = { 'tus-resumable': '1.0.0' };

/** Begins an upload; what is said of it goes into its metadata. */
function create(said: Readonly<Record<string, string>>, length: number, by = owner) {
  const words = Object.entries(said).map(([k, v]) => `${k} ${Buffer.from(v).toString('base64')}`);
  const headers = { ...TUS, 'upload-length': String(length), 'upload-metadata': words.join(',') };
  return by(`${node.url}/api/v1/uploads`, { method: 'POST', headers });
}

async function created(said: Readonly<Record<string, string>>, length: number): Promise<string> {
  const answer = await create(said, length);
  expect(answer.status).toBe(201);
  return node.url + (answer.headers.get('location') ?? '');
}

function patch(url: string, offset: number, body: Uint8Array<ArrayBuffer>, by = owner) {
  const type = 'application/offset+octet-stream';
  const headers = { ...TUS, 'upload-offset': String(offset), 'content-type': type };
  return by(url, { method: 'PATCH', headers, body });
}

async function offsetOf(url: string, by = owner) {
  const { status, headers } = await by(url, { method: 'HEAD', headers: TUS });
  return [status, headers.get('upload-offset')];
}

describe('an upload in parts', () => {
  it('goes on where it was, and is an asset when all of it has come', async () => {
    const words = { filename: 'a.bin', title: 'Noise', creator: 'Ann', licence: 'CC0-1.0' };
    const url = await created(words, bytes.length);
    expect((await patch(url, 0, bytes.subarray(0, 1_000_000))).status).toBe(204);
    expect(await offsetOf(url)).toEqual([200, '1000000']);
    expect((await patch(url, 5, bytes.subarray(5))).status).toBe(409);
    const last = await patch(url, 1_000_000, bytes.subarray(1_000_000));
    expect(last.status).toBe(200);
    // What the node answers is what the test is about.
    const { events, ...asset } = (await last.json()) as { events: unknown; cid: string };
    expect(asset).toMatchObject({ size: bytes.length, title: 'Noise', creators: ['Ann'] });
    expect(events).toEqual([]);
    expect(await offsetOf(url)).toEqual([200, String(bytes.length)]);
    expect(await (await owner(url)).json()).toEqual(asset);
    const stored = await owner(`${node.url}/ipfs/${asset.cid}`);
    expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
    expect((await owner(url, { method: 'DELETE', headers: TUS })).status).toBe(204);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not there for anybody else', async () => {
    const other = as(archivist);
    const url = await created({ name: 'mine.txt' }, 10);
    expect(await offsetOf(url, other)).toEqual([404, null]);
    expect((await patch(url, 0, bytes.subarray(0, 10), other)).status).toBe(404);
    expect((await other(url, { method: 'DELETE', headers: TUS })).status).toBe(404);
    expect(await offsetOf(url, fetch)).toEqual([401, null]);
    expect((await owner(url, { method: 'DELETE', headers: TUS })).status).toBe(204);
    expect(await offsetOf(url)).toEqual([404, null]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a name that leads elsewhere', { name: '../a.txt' }, 1, 400, 'input_invalid'],
    ['no name', {}, 1, 400, 'input_invalid'],
    [
      'no known licence',
      { name: 'a', title: 'A', creator: 'B', licence: '?' },
      1,
      400,
      'licence_unknown',
    ],
    ['more bytes than its sender may send', { name: 'a' }, 2 ** 41, 413, 'too_large'],
  ])('is refused with %s before it comes', async (_what, said, length, status, code) => {
    const answer = await create(said, length);
    expect([answer.status, await answer.json()]).toEqual([
      status,
      expect.objectContaining({ code }),
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is not what was said is kept no longer', async () => {
    const url = await created({ name: 'a.txt', sha256: '0'.repeat(64) }, 3);
    const last = await patch(url, 0, bytes.subarray(0, 3));
    expect(await last.json()).toMatchObject({ code: 'digest_mismatch' });
    expect(await offsetOf(url)).toEqual([404, null]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes on after a restart, until its time is over', async () => {
    const url = await created({ name: 'later.txt' }, 10);
    expect((await patch(url, 0, bytes.subarray(0, 4))).status).toBe(204);
    const old = await created({ name: 'old.txt' }, 10);
    const id = new URL(old).pathname.split('/').at(-1) ?? '';
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(folder, `${id}.json`), longAgo, longAgo);
    await node[Symbol.asyncDispose]();
    node = await openNode(home, { log: () => {} });
    const again = node.url + new URL(url).pathname;
    expect(await offsetOf(again)).toEqual([200, '4']);
    expect(await offsetOf(node.url + new URL(old).pathname)).toEqual([404, null]);
    expect((await patch(again, 4, bytes.subarray(4, 10))).status).toBe(200);
  });
});
