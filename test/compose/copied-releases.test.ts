import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinArchive } from '../../src/compose/founding/join-archive.ts';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { openPull } from '../../src/compose/pulling/open-pull.ts';
import { type Cid, CODEC, codecOf, parseCid } from '../../src/core/cid.ts';
import { ReleaseCopies } from '../../src/core/sharing/release-copies.ts';
import type { SentTree } from '../../src/core/unixfs/file-dag.ts';
import { pullRelease } from '../../src/pull/pull-release.ts';
import { parseWanted } from '../../src/pull/release-name.ts';
import { damageStored } from '../support/damaged-copies.ts';
import { eventually } from '../support/eventually.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const works = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`poem${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
const folder = temporaryFolder();
let home: ReleaseHome;
let partner: RunningNode;

beforeAll(async () => {
  home = await openReleaseHome(works);
  const terms = { role: 'partner', organisation: null, replica: 'all', lifetimeMs: 60_000 };
  // What the operation gives.
  const invited = (await home.perform('invite', terms)) as { invitation: string };
  const [via = ''] = home.node.peers.network.addresses;
  await joinArchive(join(folder.path, 'studio'), invited.invitation, { via });
  partner = await openNode(join(folder.path, 'studio'), {
    log() {},
    p2p: ['/ip4/127.0.0.1/tcp/0'],
  });
});
afterAll(async () => {
  await partner[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const live = (of: { readonly url: string | null }, ask: typeof fetch = fetch) =>
  ask(`${of.url}/d/works/1.0.0/live.json`);

interface Told {
  readonly withdrawn: number;
  readonly shards: readonly { readonly name: string; readonly cid: string }[];
}

async function toldBy(of: { readonly url: string | null }): Promise<Told> {
  return (await (await live(of)).json()) as Told;
}

it('is served by a partner that copied it to its owner alone, while it is not public', async () => {
  const owner = await signedFetch(join(folder.path, 'studio'));
  await eventually(async () => expect((await live(partner, owner)).status).toBe(200));
  expect((await live(partner)).status).toBe(404);
  // Whoever cut it reads it at home.
  const tokens = await homeToken(home.path, partner.archive.ledger.self.did);
  const headers = { authorization: `Bearer ${tokens}` };
  expect((await live(partner, (url) => fetch(url, { headers }))).status).toBe(404);
});

it('is pulled from a partner as from the node that has cut it', async () => {
  await home.show('public');
  await eventually(async () => expect((await live(partner)).status).toBe(200));
  expect((await toldBy(partner)).shards).toEqual((await toldBy(home.node)).shards);
  await using opened = await openPull(join(folder.path, 'key.pem'));
  const keys = { get: async () => undefined, set: async () => {} };
  const done = await pullRelease(
    {
      ...{ folder: join(folder.path, 'out'), release: parseWanted('works@1.0.0') },
      ...{ from: [partner.url ?? ''], nodes: [], earlier: undefined, isOnlyNews: false },
      ...{ parallel: 4, curator: home.node.archive.ledger.self.did, token: () => undefined },
    },
    { ...opened, keys, wait: async () => {} },
    { signal: new AbortController().signal, notice() {}, progress() {} },
  );
  expect(done.pulled).toMatchObject({ release: home.release, name: 'works', withheld: [] });
});

it('loses at a partner what is withdrawn elsewhere, without being asked for', async () => {
  const asset = home.assets.get('poem3.txt') as Cid;
  const claim = {
    ...{ kind: 'consent', purposes: { ai_generative_training: 'allow' }, role: 'author' },
    ...{ under: null, replaces: [], legalBasis: 'consent' },
  };
  const subject = { assets: [asset] };
  const given = await home.perform('consent.record', { claim, subject, maker: 'Ann' });
  const { withdrawalCode: code } = given as { withdrawalCode: string };
  await home.perform('consent.withdraw', { code, consents: [] });
  await eventually(async () => expect((await toldBy(partner)).withdrawn).toBe(1));
  const cids = ({ shards }: Told) => shards.map(({ cid }) => cid);
  const { shards } = await toldBy(partner);
  expect(cids({ withdrawn: 1, shards })).toEqual(cids(await toldBy(home.node)));
  for (const path of [asset, home.release]) {
    expect((await fetch(`${partner.url}/ipfs/${path}`)).status).toBe(410);
  }
  const shard = await (await fetch(`${partner.url}/d/works/1.0.0/${shards[0]?.name}`)).text();
  expect(shard).not.toContain('poem 3\n');
});

it('is whole again at a partner after damage, and gets nothing back that was destroyed', async () => {
  const { content } = partner.archive;
  const root = parseCid(home.release);
  const parts = await storedParts(root);
  const leaves = parts.filter((cid) => codecOf(cid) === CODEC.raw);
  const [erased, leaf] = leaves as [Cid, Cid];
  const node = parts.find((cid) => codecOf(cid) === CODEC.dagPb && cid !== root) as Cid;
  await content.destroy([erased]);
  const whole = await Promise.all([root, node, leaf].map((cid) => content.getBlock(cid)));
  for (const bytes of whole) damageStored(bytes, join(folder.path, 'studio', 'packs'));
  const owner = await signedFetch(join(folder.path, 'studio'));
  const asked = await owner(`${partner.url}/api/v1/operations/fixity`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ isEverything: true }),
  });
  const { result } = (await asked.json()) as { result: unknown };
  expect(result).toMatchObject({ repaired: 1, damaged: [] });
  const healed = await Promise.all([root, node, leaf].map((cid) => content.getBlock(cid)));
  expect(healed).toEqual(whole);
  expect(await content.has(erased)).toBe(false);
});

/** Blocks of a release at the partner, without those of its assets. */
async function storedParts(release: Cid): Promise<readonly Cid[]> {
  const tree = new ReleaseCopies(partner.archive).treeOf(release) as SentTree;
  const parts: Cid[] = [];
  const stack = [tree.top];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    parts.push(part.cid);
    stack.push(...tree.childrenOf(part, await partner.archive.content.getBlock(part.cid)));
  }
  return parts;
}
