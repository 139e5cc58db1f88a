import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOfPeer } from '../../src/compose/pulling/open-block-source.ts';
import { openPull } from '../../src/compose/pulling/open-pull.ts';
import { parseCid } from '../../src/core/cid.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import { checkFolder } from '../../src/pull/check-folder.ts';
import { gatewayBlocks } from '../../src/pull/gateway-blocks.ts';
import { pullCopy } from '../../src/pull/pull-copy.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { type Lie, type TamperingProxy, tamperingProxy } from '../support/tampering-proxy.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const works: Record<string, Uint8Array> = {
  'large.txt': Buffer.from('a long poem, line by line\n'.repeat(100_000)),
};
for (let index = 0; index < 6; index += 1)
  works[`poem${index}.txt`] = Buffer.from(`poem ${index}\n`);

const folders = temporaryFolder();
let home: ReleaseHome;
let proxy: TamperingProxy;

beforeAll(async () => {
  home = await openReleaseHome(works);
  proxy = await tamperingProxy(home.node.url ?? '');
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const signal = new AbortController().signal;

/** Pulls by blocks, from the node's gateway behind a proxy that may lie, or from the node by bitswap. */
async function copy(name: string, by: 'gateway' | 'bitswap', lie: Lie = () => undefined) {
  proxy.lie = lie;
  await using opened = await openPull(join(folders.path, 'key.pem'));
  const known = new Map<string, Did>();
  const keys = {
    get: async (of: string) => known.get(of),
    set: async (of: string, key: Did) => void known.set(of, key),
  };
  const parts = { ...opened, keys, wait: async () => {} };
  const [address = ''] = home.node.peers.network.addresses;
  await using source =
    by === 'gateway'
      ? gatewayBlocks(proxy.url, () => undefined, parts)
      : await blocksOfPeer(address, parts, signal);
  const notices: string[] = [];
  const release = parseCid(home.release);
  const done = await pullCopy(
    { release, folder: join(folders.path, name), parallel: 3 },
    source,
    parts,
    { signal, notice: (text) => void notices.push(text), progress() {} },
  );
  return { ...done, notices };
}

async function check(folder: string, from?: readonly string[]) {
  await using parts = await openPull(join(folders.path, 'key.pem'));
  const asked = { folder, maxAgeMs: 60_000, token: () => undefined, from };
  return await checkFolder(asked, parts, { signal, notice() {} });
}

describe.each(['gateway', 'bitswap'] as const)('a copy pulled by %s', (by) => {
  it('is refused to whoever may not read the release', async () => {
    await home.show('organisation');
    // Where nothing is public, nobody but members is let in over libp2p.
    const code = by === 'gateway' ? 'not_found' : 'peer_unreachable';
    await expect(copy(`${by}-hidden`, by)).rejects.toMatchObject({ code });
  });

  it('is the release as it was cut, and says that no node has confirmed it', async () => {
    await home.show('public');
    const { folder, pulled, fetched, notices } = await copy(by, by);
    const manifest = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'));
    const files = [...manifest.shards, ...Object.values(manifest.files)];
    expect(pulled.files.map(({ cid }) => cid).sort()).toEqual(files.map(({ cid }) => cid).sort());
    expect(fetched).toBe(files.length);
    expect(notices.join()).toContain('Nobody has said what was withdrawn since');
    expect(readFileSync(join(folder, 'PROVENANCE.md'), 'utf8')).toContain('no node has said');
    expect(readdirSync(folder)).not.toContain('receipt.json');
    expect(await copy(by, by)).toMatchObject({ fetched: 0 });
    expect(await check(folder)).toMatchObject({ confirmed: null, isStale: true });
    const confirmed = await check(folder, [home.node.url ?? '']);
    expect(confirmed).toMatchObject({ newest: 0, withdrawn: [], isStale: false });
    expect(await check(folder)).toMatchObject({ newest: null, isStale: false });
  });
});

it('a gateway that sends another block is named, and nothing of it is kept', async () => {
  const lie: Lie = ({ path, body }) =>
    path.includes('format=raw') && body.length > 100_000
      ? { body: Buffer.from(body).fill(1, 0, 9) }
      : undefined;
  await expect(copy('lied', 'gateway', lie)).rejects.toMatchObject({
    code: 'peer_invalid',
    message: expect.stringMatching(new RegExp(`${proxy.url}/ipfs sends another block as bafk`)),
  });
});

it('a release that something was withdrawn from is given to nobody as it was cut, and a check says so', async () => {
  const { folder } = await copy('before', 'gateway');
  const asset = home.assets.get('poem3.txt');
  await home.perform('stop', {
    words: {
      ...{ kind: 'hold', reason: 'PROVENANCE', source: 'steward' },
      deadline: '2036-01-01T00:00:00Z',
    },
    subject: { assets: [asset] },
  });
  await expect(copy('after', 'gateway')).rejects.toMatchObject({ code: 'content_withdrawn' });
  await expect(copy('after2', 'bitswap')).rejects.toMatchObject({ code: 'not_found' });
  expect(await check(folder, [home.node.url ?? ''])).toMatchObject({ withdrawn: [asset] });
});
