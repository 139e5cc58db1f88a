import { randomBytes } from 'node:crypto';
import { CarReader } from '@ipld/car';
import { expect, it } from 'vitest';
import { parseCid } from '../../src/core/cid.ts';
import { decodeFileNode } from '../../src/core/unixfs/file-node.ts';
import { openReleaseHome } from '../support/release-home.ts';
import { signedFetch } from '../support/signed-fetch.ts';

const FOREIGN = { origin: 'https://elsewhere.example' };

it('gives a release to anybody once everything in it is public, and not before', async () => {
  await using home = await openReleaseHome({
    'small.bin': randomBytes(5000),
    'large.bin': randomBytes(3_000_000),
  });
  const { node, release, assets } = home;
  const { content } = node.archive;
  await content.recordParts();
  const shard = await Array.fromAsync(content.list(parseCid(release)));
  const tar = shard.find(({ name }) => name.endsWith('.tar'))?.cid ?? parseCid(release);
  const [between] = decodeFileNode(await content.getBlock(tar)).children;
  const large = assets.get('large.bin') ?? '';
  const [leaf] = decodeFileNode(await content.getBlock(parseCid(large))).children;
  const all = [release, tar, between?.cid, large, leaf?.cid].map(String);
  const statuses = () =>
    Promise.all(all.map(async (cid) => (await ask(`${cid}?format=raw`)).status));
  const ask = (path: string) => fetch(`${node.url}/ipfs/${path}`, { headers: FOREIGN });
  expect(await statuses()).toEqual([404, 404, 404, 404, 404]);
  await home.show('public');
  expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
  const car = await CarReader.fromBytes(
    new Uint8Array(await (await ask(`${release}?format=car`)).arrayBuffer()),
  );
  const cids = await Array.fromAsync(car.blocks(), ({ cid }) => String(cid));
  expect(cids).toEqual(expect.arrayContaining(all));
  const cached = (await ask(`${large}`)).headers.get('cache-control');
  expect(cached).toBe('public, max-age=29030400, immutable');
  await home.show('organisation');
  expect(await statuses()).toEqual([404, 404, 404, 404, 404]);
  // The owner reads it all the same, and no cache that others share keeps it.
  const signed = await signedFetch(node.archive.paths.home);
  const own = await signed(`${node.url}/ipfs/${release}/release.json`);
  expect([own.status, own.headers.get('cache-control')]).toEqual([
    200,
    'private, max-age=29030400, immutable',
  ]);
});
