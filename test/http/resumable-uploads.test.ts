import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningNode } from '../../src/compose/open-node.ts';
import { type HeldScreening, openHeldScreening } from '../support/held-screening.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';
import { signerOf } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archivist = signerOf('archivist');
const bytes = randomBytes(2_500_000);
const temporary = temporaryFolder();
let screening: HeldScreening;
let opened: HttpHome;
let node: RunningNode;
let owner: typeof fetch;
let folder: string;

beforeAll(async () => {
  const clamd = join(temporary.path, 'clamd');
  screening = await openHeldScreening(clamd);
  opened = await openHttpHome({ screening: { clamd } });
  ({ node, owner } = opened);
  folder = join(opened.home, 'uploads');
  await opened.grant(archivist, 'archivist');
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await screening[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

const TUS = { 'tus-resumable': '1.0.0' };
const PART = 'application/offset+octet-stream';

/** Where the bytes of an upload lie. */
function partOf(url: string): string {
  return join(folder, new URL(url).pathname.split('/').at(-1) ?? '');
}

/** Begins an upload; what is said of it goes into its metadata. */
function create(said: Readonly<Record<string, string>>, length: number, by = owner) {
  const words = Object.entries(said).map(([k, v]) => `${k} ${Buffer.from(v).toString('base64')}`);
  const headers = { ...TUS, 'upload-length': String(length), 'upload-metadata': words.join(',') };
  return by(`${node.url}/api/v1/uploads`, { method: 'POST', headers });
}

async function created(said: Readonly<Record<string, string>>, length: number, by = owner) {
  const answer = await create(said, length, by);
  expect(answer.status).toBe(201);
  return node.url + (answer.headers.get('location') ?? '');
}

function patch(url: string, offset: number, body: Uint8Array<ArrayBuffer>, by = owner) {
  const headers = { ...TUS, 'upload-offset': String(offset), 'content-type': PART };
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

  it('that comes whole as it is begun is an asset at once', async () => {
    const body = bytes.subarray(0, 1000);
    const name = `name ${Buffer.from('whole.bin').toString('base64')}`;
    const headers = {
      ...TUS,
      'upload-length': '1000',
      'upload-metadata': name,
      'content-type': PART,
    };
    const answer = await owner(`${node.url}/api/v1/uploads`, { method: 'POST', headers, body });
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, '1000']);
    expect(await answer.json()).toMatchObject({ size: 1000 });
    const url = node.url + (answer.headers.get('location') ?? '');
    expect((await owner(url, { method: 'DELETE', headers: TUS })).status).toBe(204);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not there for anybody else', async () => {
    const other = opened.as(archivist);
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
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    await utimes(`${partOf(old)}.json`, longAgo, longAgo);
    await opened.restart();
    ({ node } = opened);
    const again = node.url + new URL(url).pathname;
    expect(await offsetOf(again)).toEqual([200, '4']);
    expect(await offsetOf(node.url + new URL(old).pathname)).toEqual([404, null]);
    expect((await patch(again, 4, bytes.subarray(4, 10))).status).toBe(200);
  });

  it('is taken in for nobody who may not record any more', async () => {
    const by = opened.as(archivist);
    const url = await created({ name: 'late.txt' }, 10, by);
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const headers = { ...TUS, 'upload-offset': '0', 'content-type': PART };
    const last = by(url, { method: 'PATCH', headers, body: readable, duplex: 'half' });
    await writer.write(bytes.subarray(20, 24));
    await expect.poll(() => statSync(partOf(url)).size).toBe(4);
    await opened.perform('member.revoke', { id: archivist.did });
    await writer.write(bytes.subarray(24, 30));
    await writer.close();
    expect((await last).status).toBe(401);
    const { assets } = node.archive.catalog.list({}, { limit: 100 });
    expect(assets.map(({ title }) => title)).not.toContain('late');
  });

  it('is deleted when it has been taken in, and nothing is left of it', async () => {
    const before = readdirSync(folder);
    screening.hold();
    const url = await created({ name: 'deleted.txt' }, 10);
    const last = patch(url, 0, bytes.subarray(30, 40));
    await expect.poll(() => screening.waiting).toBe(1);
    const deleted = owner(url, { method: 'DELETE', headers: TUS });
    // The wait is over only when the file is taken in: until then there is nothing to get.
    expect((await owner(url)).status).toBe(404);
    screening.letGo();
    expect((await Promise.all([last, deleted])).map(({ status }) => status)).toEqual([200, 204]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('the folder of uploads', () => {
  it('holds up no start with what is no upload, or less than one, and is swept of it', async () => {
    const id = 'a'.repeat(48);
    const names = [`${id}.taken`, `${'b'.repeat(48)}.taken.new`, '.DS_Store', 'folder'];
    mkdirSync(join(folder, 'folder'), { recursive: true });
    for (const name of names.slice(0, 3)) writeFileSync(join(folder, name), '');
    await opened.restart();
    ({ node } = opened);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    for (const name of names) await utimes(join(folder, name), longAgo, longAgo);
    await opened.restart();
    ({ node } = opened);
    expect(readdirSync(folder).filter((name) => names.includes(name))).toEqual([]);
  });
});
