import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CarReader, CarWriter } from '@ipld/car';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemEnvirons } from '../../src/compose/system.ts';
import { type Cid, parseCid } from '../../src/core/cid.ts';
import { REFLECTION_MS } from '../../src/core/provenance/removal-approval.ts';
import { openHeliaPeer } from '../support/helia-peer.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MiB = 1_048_576;
const MARKS = ['slate-grey-turnstone', 'sandy-wheatear', 'ochre-dotterel'];
const gone = Buffer.alloc(2 * MiB + 1000);
for (const [index, mark] of MARKS.entries()) gone.write(`${mark} `, index * MiB + 50);
const folders = temporaryFolder();
let laterMs = 0;
let home: ReleaseHome;
let asset: Cid;
/** The leaf that only the work has, and the CAR of the work. */
let leaf: string;
let car: Buffer;

beforeAll(async () => {
  const works = { 'gone.bin': gone, 'stays.bin': randomBytes(MiB), 'poem.txt': Buffer.from('a\n') };
  const environs = { ...systemEnvirons, clock: () => Date.now() + laterMs };
  home = await openReleaseHome(works, environs);
  await home.show('public');
  asset = parseCid(home.assets.get('gone.bin') ?? '');
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const at = (path: string, init?: RequestInit) => fetch(`${home.node.url}${path}`, init);
const statusOf = async (path: string) => {
  const response = await at(path);
  await response.arrayBuffer();
  return response.status;
};

/** What each way in gives of the work. */
async function given() {
  const live = JSON.parse(await (await at('/d/works/1.0.0/live.json')).text());
  let inShards = false;
  for (const { name } of live.shards) {
    const tar = Buffer.from(await (await at(`/d/works/1.0.0/${name}`)).arrayBuffer());
    inShards ||= MARKS.some((mark) => tar.includes(mark)) || tar.includes(asset);
  }
  await using helia = await openHeliaPeer(`helia${Math.random()}`);
  await helia.dial(home.node.peers.network.addresses[0] ?? '');
  const byBitswap = async (cid: string) =>
    helia.read(parseCid(cid), 2_000).then(
      () => true,
      () => false,
    );
  return {
    file: await statusOf(`/ipfs/${asset}`),
    block: await statusOf(`/ipfs/${asset}?format=raw`),
    car: await statusOf(`/ipfs/${asset}?format=car`),
    leaf: await statusOf(`/ipfs/${leaf}?format=raw`),
    release: await statusOf(`/ipfs/${home.release}?format=car`),
    ...{ inShards, bitswap: await byBitswap(asset), leafByBitswap: await byBitswap(leaf) },
  };
}

const marksOnDisk = () =>
  readdirSync(join(home.path, 'packs')).flatMap((name) => {
    const bytes = readFileSync(join(home.path, 'packs', name));
    return MARKS.filter((mark) => bytes.includes(mark));
  });

it('is on every way in until it is removed', async () => {
  car = Buffer.from(await (await at(`/ipfs/${asset}?format=car`)).arrayBuffer());
  const cids = await Array.fromAsync((await CarReader.fromBytes(car)).cids());
  leaf = String(cids.find((cid) => cid.code === 0x55));
  expect(await given()).toEqual({
    ...{ file: 200, block: 200, car: 200, leaf: 200, release: 200 },
    ...{ inShards: true, bitswap: true, leafByBitswap: true },
  });
});

const NOWHERE = {
  ...{ file: 410, block: 410, car: 410 },
  // What is not public any more is not told to be here.
  ...{ leaf: expect.toBeOneOf([404, 410]), release: expect.toBeOneOf([404, 410]) },
  ...{ inShards: false, bitswap: false, leafByBitswap: false },
};

it('is refused on every way in as soon as its removal is stated, for auditors as well', async () => {
  const subject = { assets: [asset] };
  const { id } = (await home.perform('remove', { subject, reason: 'asked' })) as { id: string };
  expect(await given()).toEqual(NOWHERE);
  const owner = await signedFetch(home.path);
  const { shards } = JSON.parse(await (await at('/d/works/1.0.0/release.json')).text());
  for (const { name } of shards) {
    const response = await owner(`${home.node.url}/audit/works/1.0.0/${name}`);
    const text = Buffer.from(await response.arrayBuffer());
    expect(MARKS.some((mark) => text.includes(mark))).toBe(false);
  }
  laterMs = REFLECTION_MS + 2_000;
  await home.perform('remove.confirm', { id });
  await vi.waitFor(() => expect(marksOnDisk()).toEqual([]), { timeout: 60_000, interval: 100 });
  expect(await given()).toEqual(NOWHERE);
});

it('does not come back by an upload, nor by a CAR file of its root or of a part', async () => {
  const owner = await signedFetch(home.path, { clock: () => Date.now() + laterMs });
  const sent = await owner(`${home.node.url}/api/v1/assets?name=again.bin&collection=main`, {
    ...{ method: 'POST', body: gone, headers: { 'content-type': 'application/octet-stream' } },
  });
  expect(sent.status).toBe(410);
  expect(await sent.json()).toMatchObject({ code: 'content_removed' });
  const path = join(folders.path, 'gone.car');
  await writeFile(path, car);
  await expect(home.perform('car.import', { path })).rejects.toMatchObject({
    code: 'content_removed',
    message: expect.stringContaining(asset),
  });
  const part = await (await CarReader.fromBytes(car)).get(CID.parse(leaf));
  if (part === undefined) throw new Error(leaf);
  const { writer, out } = CarWriter.create([part.cid]);
  const written = Array.fromAsync(out);
  await writer.put(part);
  await writer.close();
  await writeFile(path, Buffer.concat(await written));
  await expect(home.perform('car.import', { path })).rejects.toMatchObject({
    code: 'content_removed',
  });
  expect(await given()).toEqual(NOWHERE);
  expect(marksOnDisk()).toEqual([]);
});
