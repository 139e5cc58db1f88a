import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claim } from '../../src/archive/claims/claim-words.ts';
import { importClaim } from '../../src/archive/claims/import-claim.ts';
import { draftClaim } from '../../src/archive/claims/make-claim.ts';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { subjectOf } from '../../src/archive/claims/subject.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import { createToken } from '../../src/http/callers/token.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from '../support/keys.ts';
import { performIn } from '../support/perform.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const ann = signerOf('ann');
const ben = signerOf('ben');
let node: RunningNode;
/** Ann declares one, Ben consents to two others; the last is in a public collection and nobody's. */
let hers: Cid;
let his: readonly Cid[];
let open: Cid;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log: () => {} });
  const folder = join(temporary.path, 'poems');
  await mkdir(folder);
  const rows = ['Ann', 'Ben', 'Ben', 'Cyd'].map((name, at) => `${at},Poem ${at},${name},CC0-1.0`);
  for (const at of [0, 1, 2, 3]) await writeFile(join(folder, `${at}`), `poem ${at}`);
  const path = join(temporary.path, 'rows.csv');
  await writeFile(path, ['path,title,creator,licence', ...rows, ''].join('\n'));
  const options = { all: true, custody: false, hidden: false, dryRun: false, measured: false };
  const take = (paths: readonly string[], collection: string) =>
    performIn(home, 'ingest', { ...options, paths, collection, catalogue: { path } });
  await take([folder], 'own');
  const { assets } = node.archive.catalog.list({}, { limit: 5 });
  const called = (title: string) => assets.find((one) => one.title === title)?.cid as Cid;
  hers = called('Poem 0');
  his = [called('Poem 1'), called('Poem 2')];
  open = called('Poem 3');
  await writeFile(join(temporary.path, '3'), 'poem 3');
  await performIn(home, 'ingest', {
    ...{ ...options, paths: [join(temporary.path, '3')], collection: 'open' },
  });
  await performIn(home, 'collection.set', { name: 'open', visibility: 'public', readers: [] });
  const how = { sourceType: 'digitalCreation', generative: 'none', tools: ['pen'] } as const;
  await record({ kind: 'declaration', ...how }, [hers], ann, 'Ann');
  const terms = { under: null, replaces: [], legalBasis: 'consent' };
  await record({ kind: 'consent', preset: 'anyone', role: 'author', ...terms }, his, ben, 'Ben');
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

async function record(claim: Claim, assets: readonly Cid[], signer: Signer, maker: string) {
  const subject = await subjectOf({ assets }, node.archive);
  const { file } = await draftClaim({ claim, subject, maker, key: signer.did }, node.archive);
  const { claim: signed } = signClaim(JSON.stringify(file), signer, sha256);
  await importClaim({ claim: JSON.stringify(signed), checked: false }, node.archive);
}

function as(signer: Signer): typeof fetch {
  const audience = node.archive.ledger.self.did;
  const authorization = `Bearer ${createToken(signer, { audience, now: Date.now(), id: 'x' })}`;
  return (url, init) => fetch(url, { ...init, headers: { authorization, ...init?.headers } });
}

async function listed(by: typeof fetch, query = ''): Promise<readonly string[]> {
  const page = await (await by(`${node.url}/api/v1/assets?${query}`)).json();
  return (page as { assets: { cid: string }[] }).assets.map(({ cid }) => cid);
}

describe('a maker', () => {
  it('lists its own assets and no others, whatever is asked', async () => {
    expect(await listed(as(ann))).toEqual([hers]);
    expect([...(await listed(as(ben)))].sort()).toEqual([...his].sort());
    expect(await listed(as(ben), 'q=poem&limit=1')).toHaveLength(1);
    expect(await listed(as(ben), 'maker=Ann')).toEqual([]);
    expect(await listed(fetch)).toEqual([open]);
    const { catalog } = node.archive;
    expect(await catalog.count({ signer: ben.did, text: 'poem' })).toBe(2);
  });

  it('learns from no page whether others match, and neither does who has not signed in', async () => {
    const page = async (by: typeof fetch, query: string) => {
      const answer = await by(`${node.url}/api/v1/assets?${query}`);
      return (await answer.json()) as { assets: { cid: Cid }[]; next: string | null };
    };
    const none = { assets: [], next: null, total: null };
    for (const query of ['q=poem&limit=1', 'maker=Ann&limit=1', 'collection=own&limit=1']) {
      expect(await page(fetch, query)).toEqual(none);
    }
    // Three were deposited before the open one.
    expect(await page(fetch, 'limit=1')).toMatchObject({ assets: [{ cid: open }], next: null });
    expect(await page(fetch, 'limit=1&skip=1')).toEqual(none);
    const first = await page(as(ben), 'limit=1');
    expect(first).toMatchObject({ assets: [{}], next: expect.any(String) });
    const second = await page(as(ben), `limit=1&cursor=${first.next}`);
    expect(second).toMatchObject({ assets: [{}], next: null });
    expect([first, second].flatMap(({ assets }) => assets.map(({ cid }) => cid)).sort()).toEqual(
      [...his].sort(),
    );
  });

  it('sees what is said of its own assets, and is not told of others', async () => {
    const view = await (await as(ann)(`${node.url}/api/v1/assets/${hers}`)).json();
    expect(view).toMatchObject({ title: 'Poem 0', creators: ['Ann'], deposits: [{}] });
    for (const path of ['', '/explain']) {
      const status = async (cid: Cid) =>
        (await as(ann)(`${node.url}/api/v1/assets/${cid}${path}`)).status;
      expect(await status(hers)).toBe(200);
      for (const cid of [...his, open]) expect(await status(cid)).toBe(404);
    }
  });

  it('fetches what anybody may fetch, and does nothing else', async () => {
    const status = async (path: string, init?: RequestInit) =>
      (await as(ann)(node.url + path, init)).status;
    expect(await status(`/ipfs/${open}`)).toBe(200);
    expect(await status(`/ipfs/${hers}`)).toBe(404);
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    for (const name of ['list', 'show', 'declare', 'consent.list', 'member.list', 'browser.link']) {
      expect([name, await status(`/api/v1/operations/${name}`, post)]).toEqual([name, 403]);
    }
    expect(await status('/api/v1/events')).toBe(403);
  });

  it('is a maker still when the consent is withdrawn, and a stranger when it is erased', async () => {
    const consents = node.archive.catalog.facts(his[0] as Cid)?.known.consent ?? [];
    const withdrawal = { kind: 'withdrawal', consents: consents.map(({ id }) => id) } as const;
    await record(withdrawal, his, ben, 'Ben');
    expect(await listed(as(ben))).toHaveLength(2);
    await performIn(home, 'erase', { person: 'Ben', reason: 'request' });
    const refused = await as(ben)(`${node.url}/api/v1/assets`);
    expect([refused.status, await refused.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'sign_in_invalid' }),
    ]);
    expect(await listed(as(ann))).toEqual([hers]);
  });
});
