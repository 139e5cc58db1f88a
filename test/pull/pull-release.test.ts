import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPull } from '../../src/compose/pulling/open-pull.ts';
import { type Cid, isCid } from '../../src/core/cid.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import { signUrl } from '../../src/http/callers/signed-url.ts';
import { type CheckRequest, checkFolder } from '../../src/pull/check-folder.ts';
import { type PullDone, pullRelease } from '../../src/pull/pull-release.ts';
import { parseWanted } from '../../src/pull/release-name.ts';
import { passingProxy } from '../support/passing-proxy.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { type Lie, type TamperingProxy, tamperingProxy } from '../support/tampering-proxy.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGE = Buffer.from(`${'a long poem, line by line\n'.repeat(100_000)}`);
const works: Record<string, Uint8Array> = { 'large.txt': LARGE };
for (let index = 0; index < 11; index += 1)
  works[`poem${index}.txt`] = Buffer.from(`poem ${index}\n`);

const folders = temporaryFolder();
let home: ReleaseHome;
let proxy: TamperingProxy;
let count = 0;

beforeAll(async () => {
  home = await openReleaseHome(works);
  await home.show('public');
  proxy = await tamperingProxy(home.node.url ?? '');
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const fresh = () => {
  count += 1;
  return join(folders.path, `out${count}`);
};

interface Asked {
  readonly folder?: string;
  readonly from?: readonly string[];
  readonly release?: string;
  readonly curator?: Did;
  readonly token?: string;
  readonly known?: Map<string, Did>;
  readonly lie?: Lie;
  readonly signal?: AbortSignal;
  readonly earlier?: string;
  readonly isOnlyNews?: boolean;
}

async function pull(asked: Asked = {}): Promise<PullDone & { notices: string[] }> {
  const { folder = fresh(), release = 'works@1.0.0', known = new Map<string, Did>() } = asked;
  const notices: string[] = [];
  proxy.lie = asked.lie ?? (() => undefined);
  await using opened = await openPull(join(folders.path, 'key.pem'));
  const keys = {
    get: async (of: string) => known.get(of),
    set: async (of: string, key: Did) => void known.set(of, key),
  };
  const done = await pullRelease(
    {
      ...{ folder, release: parseWanted(release), from: asked.from ?? [proxy.url], nodes: [] },
      ...{ earlier: asked.earlier, isOnlyNews: asked.isOnlyNews },
      ...{ parallel: 4, curator: asked.curator, token: () => asked.token },
    },
    { ...opened, keys, wait: async () => {} },
    {
      signal: asked.signal ?? new AbortController().signal,
      notice: (text) => void notices.push(text),
      progress() {},
    },
  );
  return { ...done, notices };
}

function shardOf(folder: string): { name: string; bytes: Buffer } {
  const name = readdirSync(folder).find((one) => one.endsWith('.tar')) ?? '';
  return { name, bytes: readFileSync(join(folder, name)) };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const isShard = (path: string) => /\/w\/\d+\/[^/]+\.tar/.test(path);
const asset = (title: string) => home.assets.get(title) ?? '';

describe('a pull', () => {
  it('brings every file of the release, and says what lies there', async () => {
    const { folder, pulled, notices, fetched } = await pull();
    const manifest = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'));
    for (const { name, sha256: sum } of [
      ...manifest.shards,
      ...Object.entries(manifest.files).map(([name, file]) => ({ name, ...(file as object) })),
    ]) {
      expect(sha256(readFileSync(join(folder, name)))).toBe(sum);
    }
    expect(fetched).toBe(pulled.files.length);
    expect(pulled).toMatchObject({ release: home.release, name: 'works', withheld: [] });
    expect(JSON.parse(readFileSync(join(folder, 'pulled.json'), 'utf8'))).toEqual(pulled);
    expect(readFileSync(join(folder, 'PROVENANCE.md'), 'utf8')).toContain(home.release);
    expect(notices).toEqual([expect.stringContaining('believed at first sight')]);
    const { request, receipt } = JSON.parse(readFileSync(join(folder, 'receipt.json'), 'utf8'));
    const shards = manifest.shards.map(({ cid }: { cid: string }) => cid).sort();
    expect(request).toMatchObject({ release: home.release, revision: 0, shards });
    const [said] = home.node.archive.catalog.receiptsOf(pulled.release);
    expect(said).toMatchObject({ id: receipt.receipt, author: receipt.node });
    expect(said?.statement.body).toMatchObject({ puller: request.puller, revision: 0, shards });
    expect(pulled.receipt).toBe(receipt.receipt);
    expect(readdirSync(folder)).not.toContain('.ringfence-pull');
  });

  it('finds the release by its CID, and keeps what is there when it is run again', async () => {
    const { folder } = await pull({ release: home.release });
    const before = statSync(join(folder, shardOf(folder).name)).mtimeMs;
    const again = await pull({ folder, release: home.release });
    expect(again.fetched).toBe(0);
    expect([...home.node.archive.catalog.receiptsOf(again.pulled.release)]).toHaveLength(1);
    expect(statSync(join(folder, shardOf(folder).name)).mtimeMs).toBe(before);
    expect(isCid(again.pulled.release)).toBe(true);
  });

  it('goes on where it was broken off, after reading back what is there', async () => {
    const folder = fresh();
    const broken = new AbortController();
    const half = 1_500_000;
    const lie: Lie = ({ path, status }) => {
      if (!isShard(path)) return undefined;
      if (status === 206) broken.abort();
      return { cutAfter: half };
    };
    await expect(pull({ folder, lie, signal: broken.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    const [name = ''] = readdirSync(join(folder, '.ringfence-pull')).filter((one) =>
      one.endsWith('.part'),
    );
    const partial = join(folder, '.ringfence-pull', name);
    // A power cut may leave anything behind what was synced.
    writeFileSync(partial, Buffer.concat([readFileSync(partial), randomBytes(1000)]));
    const ranges: string[] = [];
    const { pulled } = await pull({
      folder,
      lie({ path, headers }) {
        if (isShard(path)) ranges.push(String(headers['content-range']));
        return undefined;
      },
    });
    expect(ranges).toEqual([expect.stringMatching(/^bytes [1-9]/)]);
    expect(pulled.files.length).toBeGreaterThan(5);
    expect(shardOf(folder).bytes).toEqual(shardOf((await pull()).folder).bytes);
  });

  it('refuses a folder that holds something else, and changes nothing there', async () => {
    const { folder } = await pull();
    const { name } = shardOf(folder);
    writeFileSync(join(folder, name), 'another');
    await expect(pull({ folder })).rejects.toMatchObject({ code: 'export_conflict' });
    expect(readFileSync(join(folder, name), 'utf8')).toBe('another');
  });

  it('writes through no link that somebody has put into the folder', async () => {
    const { name, bytes } = shardOf((await pull()).folder);
    const [victim, unfinished] = [fresh(), '.ringfence-pull'];
    writeFileSync(victim, 'precious');
    const planted = (at: string) => {
      const folder = fresh();
      mkdirSync(join(folder, at, '..'), { recursive: true });
      symlinkSync(victim, join(folder, at));
      return folder;
    };
    for (const [at, code] of [
      [name, 'export_conflict'],
      [unfinished, 'file_unreadable'],
      [`${unfinished}/${name}.part`, 'file_unreadable'],
    ] as const) {
      await expect(pull({ folder: planted(at) }), at).rejects.toMatchObject({ code });
    }
    const elsewhere = fresh();
    mkdirSync(elsewhere);
    const folder = fresh();
    mkdirSync(folder);
    symlinkSync(elsewhere, join(folder, unfinished));
    await expect(pull({ folder })).rejects.toMatchObject({ code: 'export_conflict' });
    expect(readdirSync(elsewhere)).toEqual([]);
    const card = planted('PROVENANCE.md');
    await pull({ folder: card });
    expect(readFileSync(join(card, 'PROVENANCE.md'), 'utf8')).toContain(home.release);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(shardOf(card).bytes).toEqual(bytes);
  });

  it('leaves a folder to another process that pulls into it, and takes over from one that was killed', async () => {
    const folder = fresh();
    const pid = join(folder, '.ringfence-pull', 'pid');
    mkdirSync(join(pid, '..'), { recursive: true });
    writeFileSync(pid, String(process.ppid));
    await expect(pull({ folder })).rejects.toMatchObject({ code: 'busy' });
    expect(readFileSync(pid, 'utf8')).toBe(String(process.ppid));
    // No process of Linux has that number.
    writeFileSync(pid, String(2 ** 30));
    expect((await pull({ folder })).fetched).toBeGreaterThan(5);
  });

  it('goes through the proxy that the environment names, and not to what it leaves out', async () => {
    await using passing = await passingProxy();
    vi.stubEnv('http_proxy', passing.url);
    try {
      const { pulled } = await pull();
      expect(pulled.release).toBe(home.release);
      expect(new Set(passing.asked)).toEqual(new Set([new URL(proxy.url).host]));
      const before = passing.asked.length;
      vi.stubEnv('NO_PROXY', '127.0.0.1');
      await pull();
      expect(passing.asked).toHaveLength(before);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('believes the curator that was named, or met before, and no other', async () => {
    const { did } = home.node.archive.ledger.self;
    const other = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH' as Did;
    await expect(pull({ curator: other })).rejects.toMatchObject({ code: 'release_invalid' });
    expect((await pull({ curator: did })).notices).toEqual([]);
    const known = new Map([[`the curator of works at ${proxy.url}`, other]]);
    await expect(pull({ known })).rejects.toMatchObject({ code: 'release_invalid' });
    expect(known.get(`the curator of works at ${proxy.url}`)).toBe(other);
  });
});

describe('a server that lies', () => {
  const flip = (body: Buffer, at: number) => {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };

  it('is named, with the block that it sends wrong', async () => {
    const lie: Lie = ({ path, body }) =>
      isShard(path) ? { body: flip(body, body.length >> 1) } : undefined;
    await expect(pull({ lie })).rejects.toMatchObject({
      code: 'peer_invalid',
      message: expect.stringMatching(new RegExp(`${proxy.url}.*sends other bytes.*bafk`)),
    });
  });

  it('is healed by another that holds the release', async () => {
    const lie: Lie = ({ path, body }) =>
      isShard(path) ? { body: flip(body, body.length >> 1) } : undefined;
    const { folder, notices } = await pull({ lie, from: [proxy.url, home.node.url ?? ''] });
    expect(notices.join()).toContain('sends other bytes');
    expect(shardOf(folder).bytes).toEqual(shardOf((await pull()).folder).bytes);
  });

  it('is followed nowhere, and nothing that it has packed is unpacked', async () => {
    const location = `${home.node.url}/d/works/1.0.0/newest.json`;
    for (const to of [location, 'file:///etc/passwd', 'http://169.254.169.254/']) {
      const redirects: Lie = ({ path, headers }) =>
        path.includes('/newest.json') ? { status: 302, headers: { ...headers, location: to } } : {};
      await expect(pull({ lie: redirects })).rejects.toMatchObject({
        code: 'peer_invalid',
        message: expect.stringContaining('status 302'),
      });
    }
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const packs: Lie = ({ path, headers }) =>
      isShard(path) ? { headers: { ...headers, 'content-encoding': 'gzip' }, body: bomb } : {};
    await expect(pull({ lie: packs })).rejects.toMatchObject({
      code: 'peer_invalid',
      message: expect.stringMatching(/sends other bytes|cuts/),
    });
  });

  it('that cuts bodies off is asked for the rest, and named where it never gives it', async () => {
    const cuts: Lie = ({ path, body }) =>
      isShard(path) ? { cutAfter: Math.min(body.length, 1_100_000) } : undefined;
    expect(shardOf((await pull({ lie: cuts })).folder).bytes.length).toBeGreaterThan(LARGE.length);
    const never: Lie = ({ path }) => (isShard(path) ? { body: Buffer.alloc(0) } : undefined);
    await expect(pull({ lie: never })).rejects.toMatchObject({
      code: 'peer_invalid',
      message: expect.stringContaining('cuts'),
    });
  });

  it('is named where it sends the manifest of another release, or answers for another', async () => {
    const manifest: Lie = ({ path, body }) =>
      path.endsWith('/release.json') ? { body: flip(body, 100) } : undefined;
    await expect(pull({ lie: manifest })).rejects.toMatchObject({ code: 'peer_invalid' });
    await expect(
      pull({ from: [`${proxy.url}/d/works/1.0.0`], release: 'prints@1.0.0' }),
    ).rejects.toMatchObject({ code: 'peer_invalid', message: expect.stringContaining('works@') });
  });

  it('gets nobody a receipt that it has not in its ledger', async () => {
    const lie: Lie = ({ path, body }) => {
      if (!path.endsWith('/receipts')) return undefined;
      const receipt = { ...JSON.parse(body.toString()), request: '0'.repeat(64) };
      return { body: Buffer.from(JSON.stringify(receipt)) };
    };
    const { pulled, notices, folder } = await pull({ lie });
    expect(pulled.receipt).toBeNull();
    expect(notices.join()).toContain('No receipt');
    expect(readdirSync(folder)).not.toContain('receipt.json');
  });

  it('is named where it replays an old word on the newest revision', async () => {
    const old = await fetch(`${home.node.url}/d/works/1.0.0/newest.json`);
    const body = Buffer.from(await old.arrayBuffer());
    const lie: Lie = ({ path }) => (path.includes('/newest.json') ? { body } : undefined);
    await expect(pull({ lie })).rejects.toMatchObject({ code: 'peer_invalid' });
  });
});

describe('a withdrawal', () => {
  let old: string;
  beforeAll(async () => {
    old = (await pull()).folder;
  });

  const hold = (title: string) =>
    home.perform('stop', {
      words: {
        ...{ kind: 'hold', reason: 'PROVENANCE', source: 'steward' },
        deadline: '2036-01-01T00:00:00Z',
      },
      subject: { assets: [asset(title)] },
    });

  it('is obeyed: its work is in no file, and the release is whole without it', async () => {
    await hold('poem3.txt');
    const { folder, pulled } = await pull();
    expect(pulled.withheld).toMatchObject([{ asset: asset('poem3.txt'), state: 'withdrawn' }]);
    const { bytes, name } = shardOf(folder);
    expect(bytes.includes('poem 3\n')).toBe(false);
    expect(bytes.includes('poem 4\n')).toBe(true);
    expect(readdirSync(join(folder, 'withdrawn'))).toEqual(['1.json']);
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toContain(`${sha256(bytes)}  ${name}`);
    await expect(pull({ folder: old })).rejects.toMatchObject({
      code: 'export_conflict',
    });
  });

  it('is in no table that comes, each as its node has signed it', async () => {
    const { folder, pulled } = await pull();
    const { word } = pulled.nodes[0] ?? {};
    const told = JSON.parse(word ?? '').files;
    const manifest = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'));
    expect(Object.keys(told).sort()).toEqual(Object.keys(manifest.files).sort());
    for (const [name, file] of Object.entries(told)) {
      const bytes = readFileSync(join(folder, name));
      expect([name, sha256(bytes)]).toEqual([name, (file as { sha256: string }).sha256]);
      expect(bytes.includes(asset('poem3.txt'))).toBe(false);
    }
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('# works 1.0.0+w1');
    const lie: Lie = ({ path, body }) =>
      path.endsWith('/metadata.parquet') ? { body: Buffer.from(body).fill(1, 50, 60) } : undefined;
    await expect(pull({ lie })).rejects.toMatchObject({
      code: 'peer_invalid',
      message: expect.stringContaining('other bytes of metadata.parquet'),
    });
  });

  it('cannot be hidden by keeping its list back, nor by serving the shard with it', async () => {
    const lists: Lie = ({ path, body }) => {
      if (!path.includes('/newest.json')) return undefined;
      const word = JSON.parse(body.toString());
      return { body: Buffer.from(JSON.stringify({ ...word, revision: 0, list: null })) };
    };
    await expect(pull({ lie: lists })).rejects.toMatchObject({ code: 'release_invalid' });
  });

  it('that comes while files are on their way is obeyed before the pull ends', async () => {
    let isDone = false;
    const { pulled } = await pull({
      lie({ path, status }) {
        if (!isShard(path) || isDone || status !== 200) return undefined;
        isDone = true;
        return { status: 410, body: Buffer.from('{"code":"content_withdrawn","detail":"gone"}') };
      },
    });
    expect(isDone).toBe(true);
    expect(pulled.withheld).toHaveLength(1);
  });

  it('reaches a folder from before by a new one, fetching only what changed', async () => {
    const { name, bytes } = shardOf(old);
    const fetched: string[] = [];
    const lie: Lie = ({ path }) => void (isShard(path) && fetched.push(path));
    const news = await pull({ earlier: old, lie });
    expect(news.skipped).toBe(1);
    expect(fetched).toEqual([expect.stringContaining(name)]);
    const skips = `${asset('poem3.txt')}\n`;
    expect(readFileSync(join(news.folder, 'skip.txt'), 'utf8')).toBe(skips);
    expect(readFileSync(join(old, 'skip.txt'), 'utf8')).toBe(skips);
    expect(shardOf(old).bytes).toEqual(bytes);
    const again = await pull({ earlier: news.folder });
    expect(again).toMatchObject({ fetched: 0, skipped: 0 });
    const [first, second] = [news, again].map(({ folder }) => statSync(join(folder, name)).ino);
    expect(second).toBe(first);
    expect(await pull({ earlier: again.folder, isOnlyNews: true })).toMatchObject({
      folder: again.folder,
    });
  });

  describe('is what a check finds', () => {
    async function check(folder: string, asked: Partial<CheckRequest> = {}, lie?: Lie) {
      proxy.lie = lie ?? (() => undefined);
      await using parts = await openPull(join(folders.path, 'key.pem'));
      return await checkFolder(
        { folder, maxAgeMs: 60_000, token: () => undefined, ...asked },
        { ...parts, wait: async () => {} },
        { signal: new AbortController().signal, notice() {} },
      );
    }

    it('in a folder from before, and not in one without it', async () => {
      const found = { name: 'works', isForPurpose: true, newest: 1, isStale: false };
      expect(await check(old)).toMatchObject({
        ...{ ...found, revision: 0, withdrawn: [asset('poem3.txt')] },
      });
      const { folder } = await pull();
      expect(await check(folder)).toMatchObject({ ...found, revision: 1, withdrawn: [] });
    });

    it('for good, though no node answers any more', async () => {
      const { folder } = await pull();
      const pulled = JSON.parse(readFileSync(join(old, 'pulled.json'), 'utf8'));
      expect(pulled.withheld).toEqual([]);
      expect(await check(old)).toMatchObject({ withdrawn: [asset('poem3.txt')] });
      const away: Lie = () => ({ status: 503, body: Buffer.from('') });
      const found = { newest: null, withdrawn: [asset('poem3.txt')] };
      expect(await check(old, {}, away)).toMatchObject(found);
      expect(await check(folder, {}, away)).toMatchObject({ newest: null, withdrawn: [] });
      const confirmed = join(old, 'confirmed.json');
      const kept = readFileSync(confirmed);
      writeFileSync(confirmed, kept.subarray(0, 20));
      await expect(check(old)).rejects.toMatchObject({ code: 'release_invalid' });
      writeFileSync(confirmed, kept);
    });

    it('loudly where a node answers, and does not show whoever asks the release', async () => {
      const { folder } = await pull();
      await home.show('organisation');
      try {
        await expect(check(folder)).rejects.toMatchObject({
          code: 'not_found',
          message: expect.stringContaining('--from with a signed URL'),
        });
        // What it has found before is no less true.
        expect(await check(old)).toMatchObject({ withdrawn: [asset('poem3.txt')] });
        const { ledger, signer, clock } = home.node.archive;
        const terms = { audience: ledger.self.did, now: clock(), lifeS: 60, id: 'one' };
        const from = [`${home.node.url}${signUrl('/d/works/1.0.0', signer, terms)}`];
        expect(await check(folder, { from })).toMatchObject({ newest: 1, withdrawn: [] });
      } finally {
        await home.show('public');
      }
    });

    it('until no node has confirmed it for too long, or where it is for something else', async () => {
      const { folder } = await pull();
      const away: Lie = () => ({ status: 503, body: Buffer.from('') });
      expect(await check(folder, {}, away)).toMatchObject({ newest: null, isStale: false });
      expect(await check(folder, { maxAgeMs: -1 }, away)).toMatchObject({ isStale: true });
      expect(await check(folder, { purpose: 'ai_training' })).toMatchObject({
        isForPurpose: false,
      });
    });

    it('though a server shows an older revision than it has signed before', async () => {
      const { folder } = await pull();
      const pulled = JSON.parse(readFileSync(join(folder, 'pulled.json'), 'utf8'));
      pulled.nodes[0].revision = 2;
      writeFileSync(join(folder, 'pulled.json'), JSON.stringify(pulled));
      await expect(check(folder)).rejects.toMatchObject({ code: 'peer_equivocates' });
    });
  });
});

describe('words that were erased', () => {
  it('are in no table of a release that nothing was withdrawn from, and it is pulled whole', async () => {
    await using other = await openReleaseHome({
      'one.txt': Buffer.from('a first poem\n'),
      'two.txt': Buffer.from('a second poem\n'),
    });
    await other.show('public');
    const from = [other.node.url ?? ''];
    const before = await pull({ from });
    const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');
    expect(read(before.folder, 'descriptions.jsonl')).toContain('one.txt');
    // As where the description of an asset was put right after the cut, and the old one is erased.
    const [line = ''] = read(before.folder, 'descriptions.jsonl').split('\n');
    const records = new Set<Cid>(JSON.parse(line).records.split(' '));
    await other.node.archive.releases.eraseWords(before.pulled.release, records);
    const { folder, pulled } = await pull({ from });
    expect(pulled).toMatchObject({ withheld: [], nodes: [{ revision: 0 }] });
    for (const name of ['descriptions.jsonl', 'ATTRIBUTION.txt']) {
      const response = await fetch(`${from}/d/works/1.0.0/${name}`);
      expect([name, response.status, await response.text()]).toEqual([name, 200, '']);
      expect(read(folder, name)).toBe('');
    }
    expect(read(folder, 'SHA256SUMS')).toContain(`${sha256(Buffer.from(''))}  descriptions.jsonl`);
    expect(shardOf(folder)).toEqual(shardOf(before.folder));
    const update = { from, earlier: before.folder, isOnlyNews: true };
    expect((await pull(update)).folder).not.toBe(before.folder);
    expect((await pull({ ...update, earlier: folder })).folder).toBe(folder);
  });
});
