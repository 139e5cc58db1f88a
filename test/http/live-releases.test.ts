import { createHash } from 'node:crypto';
import { CarReader } from '@ipld/car';
import { decode } from '@ipld/dag-pb';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { parseNewestWord } from '../../src/core/dataset/newest-word.ts';
import { parseRevision } from '../../src/core/dataset/revision.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import { signUrl } from '../../src/http/callers/signed-url.ts';
import { createToken } from '../../src/http/callers/token.ts';
import { withholdSamples } from '../../src/release/shards/withhold-samples.ts';
import { signerOf } from '../support/keys.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { signedFetch } from '../support/signed-fetch.ts';

const works = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`poem${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
let home: ReleaseHome;
let base: string;

beforeAll(async () => {
  home = await openReleaseHome(works);
  base = `${home.node.url}/d/works/1.0.0`;
});
afterAll(() => home[Symbol.asyncDispose]());

const ask = (path: string, init?: RequestInit) => fetch(`${base}/${path}`, init);

async function json(path: string) {
  const response = await ask(path);
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

/** The one shard of each split. */
async function shards(): Promise<readonly { name: string; cid: string; samples: number }[]> {
  return (await json('live.json')).shards;
}

async function textOf(name: string): Promise<string> {
  return (await ask(name)).text();
}

/** Waits for the tables of a revision, which are told to be coming until then. */
async function tables(revision: number) {
  const retried = new Set<string | null>();
  const asked = async () => {
    const response = await ask(`w/${revision}/SHA256SUMS`);
    if (response.status === 503) retried.add(response.headers.get('retry-after'));
    return response.status;
  };
  await expect.poll(asked, { timeout: 10_000, interval: 20 }).toBe(200);
  expect([...retried].filter((after) => after !== '5')).toEqual([]);
  return json(`w/${revision}/live.json`);
}

function assetOf(title: string): string {
  const cid = home.assets.get(title);
  if (cid === undefined) throw new Error(title);
  return cid;
}

async function consentTo(title: string): Promise<{ id: string; withdrawalCode: string }> {
  const claim = {
    ...{ kind: 'consent', purposes: { ai_generative_training: 'allow' }, role: 'author' },
    ...{ under: null, replaces: [], legalBasis: 'consent' },
  };
  const subject = { assets: [assetOf(title)] };
  const given = await home.perform('consent.record', { claim, subject, maker: 'Ann' });
  // What the operation gives.
  return given as { id: string; withdrawalCode: string };
}

describe('a release by its name', () => {
  it('is hidden from whoever may not read it, as is what never was', async () => {
    expect((await ask('live.json')).status).toBe(404);
    for (const path of [
      '/d/works/1.0.1/live.json',
      '/d/other/1.0.0/',
      '/d/works',
      '/d/%2e%2e/x/y',
    ]) {
      expect((await fetch(`${home.node.url}${path}`)).status).toBe(404);
    }
  });

  it('opens to whoever has a signed URL', async () => {
    const { ledger, signer, clock } = home.node.archive;
    const terms = { audience: ledger.self.did, now: clock(), lifeS: 60, id: 'one' };
    const signed = signUrl('/d/works/1.0.0', signer, terms).replace('?', '/live.json?');
    expect((await fetch(`${home.node.url}${signed}`)).status).toBe(200);
  });

  it('is served file by file, in parts, with what its reader has to know', async () => {
    await home.show('public');
    const [shard] = await shards();
    const response = await ask(shard?.name ?? '');
    const tar = Buffer.from(await response.arrayBuffer());
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ etag: `"${shard?.cid}"`, 'x-release-cid': home.release, 'x-withdrawal-revision': '0' },
      ...{ 'cache-control': 'public, no-cache', 'content-type': 'application/x-tar' },
      link: '</d/works/1.0.0/live.json>; rel="describedby"',
      'content-usage': 'train-ai=y, search=n',
    });
    const part = await ask(shard?.name ?? '', { headers: { range: 'bytes=512-1023' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(tar.subarray(512, 1024));
    const etag = { headers: { 'if-none-match': `"${shard?.cid}"` } };
    expect((await ask(shard?.name ?? '', etag)).status).toBe(304);
    expect((await ask(shard?.name ?? '', { method: 'HEAD' })).headers.get('content-length')).toBe(
      String(tar.length),
    );
    const sums = await textOf('SHA256SUMS');
    expect(sums).toContain(`${createHash('sha256').update(tar).digest('hex')}  ${shard?.name}`);
    expect(await textOf('')).toBe(await textOf('README.md'));
    expect(JSON.parse(await textOf('release.json'))).toMatchObject({ name: 'works' });
    for (const absent of [
      'nothing.tar',
      'withdrawn/1.json',
      'w/1/live.json',
      '..%2frelease.json',
    ]) {
      expect((await ask(absent)).status).toBe(404);
    }
  });
});

describe('a withdrawal', () => {
  it('holds until it is resolved, where it is one that can be', async () => {
    const words = {
      ...{ kind: 'hold', reason: 'PROVENANCE', source: 'steward' },
      deadline: '2036-01-01T00:00:00Z',
    };
    const subject = { assets: [assetOf('poem7.txt')] };
    const sums = await textOf('SHA256SUMS');
    const said = (await home.perform('stop', { words, subject })) as { id: string };
    expect((await fetch(`${home.node.url}/ipfs/${home.release}`)).status).toBe(410);
    const [shard] = await shards();
    expect(shard?.samples).toBe(11);
    await tables(1);
    for (const path of ['', '?format=car', `/${shard?.name}`]) {
      const copy = await fetch(`${home.node.url}/ipfs/${home.release}${path}`);
      expect(copy.status).toBe(410);
    }
    await home.perform('resolve', { of: [said.id], outcome: 'lifted', subject });
    const live = await json('live.json');
    expect(live).toMatchObject({ revision: 2, withdrawn: 0 });
    expect(live.shards[0].samples).toBe(12);
    expect(await textOf('SHA256SUMS')).toBe(sums);
    const list = await json('withdrawn/2.json');
    expect(list.entries).toMatchObject([{ state: 'reinstated', asset: assetOf('poem7.txt') }]);
    const first = Buffer.from(await (await ask('withdrawn/1.json')).arrayBuffer());
    expect(list.previous).toBe(createHash('sha256').update(first).digest('hex'));
  });

  it('is obeyed by the next request, and told in a signed list', async () => {
    const before = await shards();
    const { withdrawalCode } = await consentTo('poem3.txt');
    expect((await json('live.json')).revision).toBe(2);
    await home.perform('consent.withdraw', { code: withdrawalCode, consents: [] });
    const live = await json('live.json');
    expect(live).toMatchObject({ revision: 3, withdrawn: 1 });
    const [shard] = await shards();
    expect(shard).toMatchObject({ name: before[0]?.name, samples: 11 });
    const tar = await textOf(shard?.name ?? '');
    expect(tar).not.toContain('poem 3\n');
    expect(tar).not.toContain(assetOf('poem3.txt'));
    expect(tar).toContain('poem 4\n');
    const { archive } = home.node;
    await tables(3);
    const list = Buffer.from(await (await ask('withdrawn/3.json')).arrayBuffer());
    expect(parseRevision(list, archive.verifySignature)).toMatchObject({
      ...{ release: home.release, revision: 3, issuer: archive.ledger.self.did },
      entries: [
        {
          ...{ asset: assetOf('poem3.txt'), shard: shard?.name },
          ...{ state: 'withdrawn', reason: 'E_WITHDRAWN' },
        },
      ],
    });
    expect((await ask('w/3/live.json')).status).toBe(200);
    const old = await ask('w/0/live.json');
    expect(old.status).toBe(410);
    expect(await old.json()).toMatchObject({
      code: 'content_withdrawn',
      detail: expect.stringContaining('/d/works/1.0.0/w/3/'),
    });
  });
});

it('is told of a release, with its newest list, to whoever goes on listening', async () => {
  const owner = await signedFetch(home.path);
  const ended = new AbortController();
  const url = `${home.node.url}/api/v1/events?types=revision&since=0`;
  const { body } = await owner(url, { signal: ended.signal });
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('\n\n') && text.includes('data:')) break;
  }
  ended.abort();
  const data = text.split('\n').find((line) => line.startsWith('data: ')) ?? '';
  expect(JSON.parse(data.slice(6))).toMatchObject({
    ...{ release: home.release, name: 'works', version: '1.0.0', revision: 3, withdrawn: 1 },
    entries: [{ asset: assetOf('poem3.txt'), state: 'withdrawn', reason: 'E_WITHDRAWN' }],
  });
});

describe('the tables of a revision', () => {
  it('tell of what is left alone, and have the digests of all that is served', async () => {
    const live = await tables(3);
    const sums = new Map<string, string>();
    for (const line of (await textOf('SHA256SUMS')).trimEnd().split('\n')) {
      const [sum = '', name = ''] = line.split('  ');
      sums.set(name, sum);
      const bytes = Buffer.from(await (await ask(name)).arrayBuffer());
      expect([name, createHash('sha256').update(bytes).digest('hex')]).toEqual([name, sum]);
      expect(bytes.includes(assetOf('poem3.txt'))).toBe(false);
      expect(bytes.includes('poem3.txt')).toBe(false);
    }
    expect(live.shards[0].sha256).toBe(sums.get(live.shards[0].name));
    const names = Object.keys(live.files).filter((name) => name !== 'SHA256SUMS');
    expect([...sums.keys()].toSorted()).toEqual([...names, live.shards[0].name].toSorted());
    const card = await textOf('');
    expect(card).toContain('# works 1.0.0+w3');
    expect(card).toContain('This is revision 3: of the 12 assets');
    expect(JSON.parse(await textOf('croissant.json'))).toMatchObject({
      ...{ isLiveDataset: true, version: '1.0.0+w3', dateModified: live.issued },
    });
    expect(await textOf('descriptions.jsonl')).toContain('"poem4.txt"');
  });

  it('have the places of the samples as they are', async () => {
    const table = await (await ask('metadata.parquet')).arrayBuffer();
    const rows = await parquetReadObjects({ file: table });
    expect(rows).toHaveLength(11);
    for (const { key, shard, offset, size, json_offset, json_size } of rows) {
      const part = (from: bigint, length: bigint) =>
        ask(shard, { headers: { range: `bytes=${from}-${from + length - 1n}` } });
      const title = [...home.assets].find(([, cid]) => cid === key)?.[0] ?? '';
      expect(await (await part(offset, size)).text()).toBe(works[title]?.toString());
      expect(await (await part(json_offset, json_size)).json()).toMatchObject({ asset: key });
    }
    const part = await ask('metadata.parquet', { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'PAR1']);
    expect((await ask('proof/metadata.parquet.car')).status).toBe(200);
    expect((await json('newest.json')).files).toEqual((await json('live.json')).files);
  });
});

it('is 503 with Retry-After while the tables of its revision are written, and its shards are served', async () => {
  await using other = await openReleaseHome({
    'a.txt': Buffer.from('a\n'),
    'b.txt': Buffer.from('b\n'),
  });
  await other.show('public');
  const { revisionTables } = other.node.archive;
  const write = revisionTables.write.bind(revisionTables);
  const written = Promise.withResolvers<void>();
  vi.spyOn(revisionTables, 'write').mockImplementation(async (...revision) => {
    await written.promise;
    return write(...revision);
  });
  const of = (path: string) => fetch(`${other.node.url}/d/works/1.0.0/${path}`);
  const { files } = (await (await of('live.json')).json()) as { files: Record<string, unknown> };
  const words = { kind: 'takedown', reason: 'court-order', authority: null };
  await other.perform('stop', { words, subject: { assets: [other.assets.get('a.txt')] } });
  const live = (await (await of('live.json')).json()) as { shards: { name: string }[] };
  const [left] = live.shards;
  expect(live).toMatchObject({ revision: 1, files: null, shards: [{ samples: 1, sha256: null }] });
  const shard = await of(left?.name ?? '');
  expect([shard.status, (await shard.text()).includes('b.txt')]).toEqual([200, false]);
  for (const name of ['', ...Object.keys(files)]) {
    const response = await of(name);
    const { status, headers } = response;
    expect([name, status, headers.get('retry-after')]).toEqual([name, 503, '5']);
    expect(await response.json()).toMatchObject({ code: 'busy' });
  }
  written.resolve();
  await expect.poll(async () => (await of('SHA256SUMS')).status).toBe(200);
  for (const name of Object.keys(files))
    expect([name, (await of(name)).status]).toEqual([name, 200]);
});

describe('what shows that a release is served whole', () => {
  async function proof(name: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const response = await ask(`proof/${name}.car`);
    expect(response.status).toBe(200);
    const car = await CarReader.fromBytes(new Uint8Array(await response.arrayBuffer()));
    const blocks = new Map<string, Uint8Array>();
    for await (const { cid, bytes } of car.blocks()) blocks.set(cid.toString(), bytes);
    return blocks;
  }

  it('composes the shard that is left out of the one that was cut', async () => {
    const [live] = await shards();
    const cut = JSON.parse(await textOf('release.json')).shards[0];
    const blocks = await proof(cut.name);
    const list = await json('withdrawn/3.json');
    const withheld = new Set<Cid>(list.entries.map(({ asset }: { asset: Cid }) => asset));
    for (const asset of withheld) expect(blocks.has(asset)).toBe(false);
    const left = await withholdSamples(cut, withheld, {
      getBlock: async (cid) => blocks.get(cid) ?? Promise.reject(new Error(cid)),
      async putBlock() {},
    });
    expect(left).toMatchObject({ cid: live?.cid, samples: live?.samples });
  });

  it('is the directory of the release, which has its manifest', async () => {
    const blocks = await proof('release');
    const root = blocks.get(home.release) ?? new Uint8Array(0);
    const names = decode(root).Links.map(({ Name }) => Name);
    expect(names).toEqual(expect.arrayContaining(['release.json', 'metadata.parquet']));
    expect((await ask('proof/nothing.tar.car')).status).toBe(404);
  });

  it('is a signed word on which revision is the newest, in answer to whoever asks', async () => {
    const nonce = '0123456789abcdef0123456789abcdef';
    const response = await ask(`newest.json?nonce=${nonce}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { archive } = home.node;
    const word = Buffer.from(await response.arrayBuffer());
    const list = Buffer.from(await (await ask('withdrawn/3.json')).arrayBuffer());
    expect(parseNewestWord(word, archive.verifySignature)).toMatchObject({
      ...{ release: home.release, revision: 3, nonce, node: archive.ledger.self.did, seen: [] },
      list: createHash('sha256').update(list).digest('hex'),
      head: expect.stringContaining(archive.ledger.self.did),
    });
    expect((await ask('newest.json?nonce=short')).status).toBe(400);
    const byCid = await fetch(`${home.node.url}/d/${home.release}/live.json`);
    expect(await byCid.json()).toEqual(await json('live.json'));
  });
});

describe('a release as it was cut', () => {
  const members = { archivist: signerOf('archivist'), reviewer: signerOf('reviewer') };
  const audit = (path: string, signer?: Signer) => {
    const audience = home.node.archive.ledger.self.did;
    const token = signer && createToken(signer, { audience, now: Date.now(), id: 'x' });
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return fetch(`${home.node.url}/audit/works/1.0.0/${path}`, { headers });
  };

  it('is read by whoever may audit alone, with what was withdrawn, and each reading is logged', async () => {
    const { organisation } = home.node.archive.ledger.self;
    for (const [role, { did }] of Object.entries(members)) {
      const grant = { role, replica: 'none', key: did, organisation };
      await home.perform('member.grant', grant);
    }
    const cut = JSON.parse(await textOf('release.json'));
    const { name, cid } = cut.shards[0];
    expect((await audit(name)).status).toBe(401);
    expect((await audit(name, members.archivist)).status).toBe(403);
    const response = await audit(name, members.reviewer);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ etag: `"${cid}"`, 'x-release-cid': home.release, 'x-withdrawal-revision': '3' },
      ...{ 'cache-control': 'private, no-store', 'content-type': 'application/x-tar' },
      link: '</d/works/1.0.0/live.json>; rel="describedby"',
    });
    const tar = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha256').update(tar).digest('hex')).toBe(cut.shards[0].sha256);
    expect(tar.includes('poem 3\n')).toBe(true);
    const words = await (await audit('descriptions.jsonl', members.reviewer)).text();
    expect(words).toContain('"poem3.txt"');
    const told = home.log.filter(({ event }) => event === 'audit').map(({ details }) => details);
    const by = members.reviewer.did;
    expect(told).toEqual([
      { release: home.release, file: name, by },
      { release: home.release, file: 'descriptions.jsonl', by },
    ]);
    for (const absent of ['live.json', 'nothing', 'w/1/README.md', 'withdrawn/1.json']) {
      expect((await audit(absent, members.reviewer)).status).toBe(404);
    }
    const { ledger, signer, clock } = home.node.archive;
    const terms = { audience: ledger.self.did, now: clock(), lifeS: 60, id: 'one' };
    expect(() => signUrl('/audit/works/1.0.0', signer, terms)).toThrow('cannot be signed');
  });
});

describe('a shard that lacks a block', () => {
  it('is refused before any byte of it; its other parts are given', async () => {
    const [shard] = await shards();
    await home.node.archive.content.destroy([assetOf('poem9.txt') as Cid]);
    const whole = await ask(shard?.name ?? '');
    expect(await whole.json()).toMatchObject({ code: 'block_missing' });
    const part = await ask(shard?.name ?? '', { headers: { range: 'bytes=0-511' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).toString('latin1', 257, 262)).toBe('ustar');
  });
});
