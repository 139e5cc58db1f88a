import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import type {
  ReleaseMember,
  ReleaseProgress,
  ReleaseRequest,
} from '../../src/core/ports/release.ts';
import { createMemoryContent, type MemoryContent, readAll } from '../support/memory-content.ts';
import { maker, noise, releaseMember, releaseRequest } from '../support/release-members.ts';
import { releaseSeal, releasesOver } from '../support/release-seal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Stores `count` assets of mixed kinds and returns them as members. */
function store(content: MemoryContent, count: number): ReleaseMember[] {
  const kinds = [
    { mediaType: 'image/png', licence: 'CC0-1.0' },
    { mediaType: 'image/jpeg', licence: 'CC-BY-4.0' },
    { mediaType: 'image/png', licence: 'CC-BY-SA-3.0', level: 'H3', selfVetted: true },
    { mediaType: 'application/json', licence: 'LicenseRef-house' },
  ] as const;
  return Array.from({ length: count }, (_, index) => {
    const bytes = noise(`asset ${index}`, ((17 * index) % 3000) + 1);
    const kind = kinds[index % kinds.length];
    return releaseMember(content.putFile(bytes, { leaf: 1500, width: 3 }), bytes, {
      ...kind,
      title: `Drawing ${index}`,
    });
  });
}

async function cut(
  content: MemoryContent,
  members: readonly ReleaseMember[],
  request: Partial<ReleaseRequest> = {},
  options: { signal?: AbortSignal; onProgress?: (progress: ReleaseProgress) => void } = {},
) {
  using folder = temporaryFolder();
  const releases = releasesOver(content, folder.path);
  const result = await releases.cut(
    { ...releaseRequest, ...request },
    members,
    releaseSeal(),
    options,
  );
  return { result, manifest: await releases.manifest(result.release), releases };
}

async function fileOf(content: MemoryContent, release: Cid, name: string): Promise<Buffer> {
  for await (const entry of content.list(release)) {
    if (entry.name === name) return readAll(content, entry.cid);
  }
  throw new Error(`${release} has no ${name}`);
}

async function rowsOf(content: MemoryContent, release: Cid) {
  const bytes = await fileOf(content, release, 'metadata.parquet');
  const file = Uint8Array.from(bytes).buffer;
  return { file, rows: await parquetReadObjects({ file }) };
}

describe('cutting a release', () => {
  it('gives the same release whatever the order of its members, and another for another seed', async () => {
    const content = createMemoryContent();
    const members = store(content, 60);
    const { result } = await cut(content, members);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(members, { minLength: members.length }),
        async (shuffled) => {
          const other = createMemoryContent();
          store(other, 60);
          expect((await cut(other, shuffled)).result).toEqual(result);
        },
      ),
      { numRuns: 5 },
    );
    expect((await cut(content, members, { seed: 'other' })).result.release).not.toBe(
      result.release,
    );
  });

  it('has one content root whoever cuts it, when and for whichever address, and another release', async () => {
    const seals = [
      releaseSeal(),
      { ...releaseSeal('another'), created: '2026-12-01T00:00:00Z', url: 'https://example.org/d/' },
    ];
    using folder = temporaryFolder();
    const cuts = await Promise.all(
      seals.map((seal) => {
        const content = createMemoryContent();
        const members = store(content, 30);
        return releasesOver(content, folder.path).cut(releaseRequest, members, seal);
      }),
    );
    expect(new Set(cuts.map(({ contentRoot }) => contentRoot)).size).toBe(1);
    expect(new Set(cuts.map(({ shards }) => JSON.stringify(shards))).size).toBe(1);
    expect(new Set(cuts.map(({ release }) => release)).size).toBe(2);
  });

  it('reports the bytes it added, and records its root after everything else', async () => {
    const content = createMemoryContent();
    const members = store(content, 50);
    const size = () => content.blocks.values().reduce((sum, { length }) => sum + length, 0);
    const before = size();
    const { result } = await cut(content, members);
    expect(result.extraBytes + result.tableBytes).toBe(size() - before);
    expect(content.synced.at(-1)).toEqual({ root: result.release, blocks: content.blocks.size });
    expect(result.assets).toBe(50);
    expect(result.bytes).toBe(members.reduce((sum, member) => sum + member.size, 0));
  });

  it('keeps one extension to a configuration and never gives a sidecar the name of an asset', async () => {
    const content = createMemoryContent();
    const { result, releases } = await cut(content, store(content, 40));
    expect(result.shards.map(({ name, samples }) => [name, samples])).toEqual([
      ['images-jpg-train-000000.tar', 10],
      ['images-png-train-000000.tar', 20],
      ['other-jsontext-train-000000.tar', 10],
    ]);
    expect(await releases.verify(result.release)).toMatchObject({ ok: true, assets: 40 });
  });

  it('starts a new shard before one grows over the limit, except for an asset that is larger', async () => {
    const content = createMemoryContent();
    const sizes = [...Array.from({ length: 40 }, () => 9000), 150_000];
    const members = sizes.map((size, index) => {
      const bytes = noise(`s${index}`, size);
      return releaseMember(content.putFile(bytes), bytes);
    });
    const { result, releases } = await cut(content, members, { maxShardBytes: 102_400 });
    const large = result.shards.filter(({ size }) => size > 102_400);
    expect(large.map(({ samples }) => samples)).toEqual([1]);
    expect(result.shards.length).toBeGreaterThan(4);
    expect(result.shards.map(({ name }) => name)).toEqual(
      result.shards.map((_, index) => `images-png-train-${String(index).padStart(6, '0')}.tar`),
    );
    expect(await releases.verify(result.release)).toMatchObject({ ok: true, assets: 41 });
  });

  it('never parts a work or the works of a maker between train and validation', async () => {
    const content = createMemoryContent();
    const members = store(content, 200).map((member, index) => ({
      ...member,
      makers: [maker(`Maker ${index % 40}`)],
      work: index % 3 === 0 ? null : `work ${index % 40} ${Math.floor(index / 40) % 2}`,
    }));
    const { result, releases } = await cut(content, members, { validation: 0.3 });
    const { rows } = await rowsOf(content, result.release);
    for (const column of ['maker', 'work']) {
      const splits = new Map<unknown, Set<unknown>>();
      for (const row of rows.filter((one) => one[column] !== '')) {
        splits.set(row[column], (splits.get(row[column]) ?? new Set()).add(row['split']));
      }
      expect(splits.size).toBe(column === 'maker' ? 40 : 80);
      expect([...splits.values()].every((found) => found.size === 1)).toBe(true);
    }
    const share = rows.filter((row) => row['split'] === 'validation').length / rows.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
    expect(await releases.verify(result.release)).toMatchObject({ ok: true, assets: 200 });
  });

  it('hashes every shard, telling how far it is', async () => {
    const content = createMemoryContent();
    const told: ReleaseProgress[] = [];
    const { result } = await cut(
      content,
      store(content, 30),
      {},
      { onProgress: (p) => told.push(p) },
    );
    for (const { cid, sha256 } of result.shards) {
      const bytes = await readAll(content, cid);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
    const total = result.shards.reduce((sum, { size }) => sum + size, 0);
    expect(told.at(-1)).toEqual({ step: 'hash', unit: 'bytes', done: total, total });
    expect(told).toContainEqual({ step: 'compose', unit: 'assets', done: 30, total: 30 });
  });
});

describe('a release says', () => {
  it('what it was cut for, how much is shown, and that nothing proves human making', async () => {
    const content = createMemoryContent();
    const { result, manifest } = await cut(content, store(content, 40));
    expect(manifest).toMatchObject({
      spec: 'ringfence/release/1',
      at: releaseRequest.at,
      purpose: 'ai_generative_training',
      requester: 'anyone',
      policy: { name: 'corroborated', cid: releaseRequest.policy.cid },
      state: releaseRequest.state,
      counts: {
        assets: 40,
        levels: { H2: 30, H3: 10 },
        licences: { 'CC0-1.0': 10, 'CC-BY-4.0': 10, 'CC-BY-SA-3.0': 10, 'LicenseRef-house': 10 },
        selfVetted: 10,
      },
    });
    const card = (await fileOf(content, result.release, 'README.md')).toString();
    expect(card).toContain(
      'No known synthetic asset is in this release. That is what was found, not a proof',
    );
    expect(card).toContain('30 at H2, 10 at H3');
    expect(card).toContain('10 of them rest on the word of one organisation');
    expect(card).toContain('a single node can release under it');
    expect(card).toMatch(
      /^---\npretty_name: "drawings 1.0.0"\nlicense:\n- cc-by-4.0\n- cc-by-sa-3.0\n- cc0-1.0\n- other\n/,
    );
    expect(card).toContain('    path: images-jpg-train-*.tar');
    expect(card).not.toMatch(/proved|human-made/i);
    const bytes = await fileOf(content, result.release, 'release.json');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(result.manifest);
  });

  it('what it is in Croissant, with every file of it that has bytes to load', async () => {
    const content = createMemoryContent();
    const { result, manifest } = await cut(content, store(content, 40));
    const told = JSON.parse((await fileOf(content, result.release, 'croissant.json')).toString());
    expect(told).toMatchObject({
      '@type': 'sc:Dataset',
      conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
      version: '1.0.0',
      'rai:dataUseCases': ['ai_generative_training'],
      'rai:dataLimitations': manifest.notice,
    });
    const files: { '@type': string; name: string; sha256: string }[] = told.distribution;
    const sums = new Map(
      files.filter((file) => file['@type'] === 'cr:FileObject').map((f) => [f.name, f.sha256]),
    );
    for (const { name, sha256 } of manifest.shards) expect(sums.get(name)).toBe(sha256);
    expect(sums.get('metadata.parquet')).toBe(manifest.files['metadata.parquet']?.sha256);
    expect(sums.size).toBe(manifest.shards.length + 4);
    const columns = Object.keys((await rowsOf(content, result.release)).rows[0] ?? {});
    const [assets] = told.recordSet;
    expect(assets.field.map(({ name }: { name: string }) => name)).toEqual(columns);
  });

  it('how to load it from where it is served, from all shards of its largest configuration', async () => {
    const content = createMemoryContent();
    using folder = temporaryFolder();
    const seal = { ...releaseSeal(), url: 'https://example.org/d/drawings/1.0.0/' };
    const request = { ...releaseRequest, maxShardBytes: 20_480 };
    const { release, shards } = await releasesOver(content, folder.path).cut(
      request,
      store(content, 60),
      seal,
    );
    const card = (await fileOf(content, release, 'README.md')).toString();
    const last = shards.filter(({ name }) => name.startsWith('images-png-')).length - 1;
    expect(last).toBeGreaterThan(0);
    const braces = `{000000..${String(last).padStart(6, '0')}}`;
    expect(card).toContain(`"https://example.org/d/drawings/1.0.0/images-png-train-${braces}.tar"`);
    expect(card).toContain(`for i in range(${last + 1})]`);
  });

  it('whom to name for each asset whose licence asks for it, one line each, whatever a title holds', async () => {
    const content = createMemoryContent();
    const titles = ['Quay\nTitle: forged', 'Quay \u202e2', 'Quay\u2028 3'];
    const members = titles.map((title, index) => {
      const bytes = noise(title, 100);
      const licence = index === 2 ? 'CC0-1.0' : 'CC-BY-4.0';
      return releaseMember(content.putFile(bytes), bytes, { title, licence });
    });
    const { result } = await cut(content, members);
    const text = (await fileOf(content, result.release, 'ATTRIBUTION.txt')).toString();
    const terms = 'CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/)';
    const line = (index: number, title: string) =>
      `${members[index]?.cid} "${title}" by Ada Maker, from npm:openmoji@17.0.0, ${terms}`;
    expect(text.trimEnd().split('\n').sort()).toEqual(
      [line(0, 'Quay Title: forged'), line(1, 'Quay  2')].sort(),
    );
    expect((await fileOf(content, result.release, 'LICENSES.csv')).toString()).toBe(
      'spdx_id,url,count,attribution_required\n' +
        'CC-BY-4.0,https://creativecommons.org/licenses/by/4.0/,2,yes\n' +
        'CC0-1.0,https://creativecommons.org/publicdomain/zero/1.0/,1,no\n',
    );
  });

  it('who made what in a line for each asset, in blocks of one maker each, and nowhere else', async () => {
    const content = createMemoryContent();
    const members = store(content, 40).map((member, index) => ({
      ...member,
      title: `By Quillfeather ${index}`,
      makers: [maker(index % 4 === 0 ? 'Ada Quillfeather' : `Ben Quillfeather ${index}`)],
    }));
    const { result } = await cut(content, members);
    const text = (await fileOf(content, result.release, 'descriptions.jsonl')).toString();
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).key).sort()).toEqual(
      members.map(({ cid }) => String(cid)).sort(),
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      creator: expect.stringContaining('Quillfeather'),
      ...{ made: 'c. 1890', made_from: '1885-01-01', made_to: '1894-12-31' },
    });
    const naming = [...content.blocks.values()].filter((bytes) =>
      Buffer.from(bytes).includes('Quillfeather'),
    );
    // Ada's assets are free of attribution; all others ask for it, in a second file with names in it.
    const words = naming.map((bytes) => Buffer.from(bytes).toString());
    expect(words.filter((text) => text.includes('Ada'))).toHaveLength(1);
    expect(words.filter((text) => text.includes('Ben'))).toHaveLength(30 + 30);
    const others = words.filter((text) => !text.includes('Ada'));
    expect(others.every((text) => text.indexOf('\n') === text.length - 1)).toBe(true);
  });

  it('where the bytes of each asset lie, in a Parquet file with the right types and no nulls', async () => {
    const content = createMemoryContent();
    const members = store(content, 9000);
    const { result, manifest } = await cut(content, members, { maxShardBytes: 2_000_000 });
    const { file, rows } = await rowsOf(content, result.release);
    expect(rows).toHaveLength(9000);
    const schema = parquetSchema(parquetMetadata(file)).children.map(({ element }) => element);
    expect(schema.every((element) => element.repetition_type === 'REQUIRED')).toBe(true);
    const types = Object.fromEntries(schema.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      key: 'BYTE_ARRAY',
      ordinal: 'INT32',
      offset: 'INT64',
      size: 'INT64',
    });
    const byKey = new Map(members.map((member) => [String(member.cid), member]));
    const shards = new Map(manifest.shards.map(({ name, cid }) => [name, cid]));
    const places = rows.map((row) => `${row['shard']} ${String(row['ordinal']).padStart(6, '0')}`);
    expect(places).toEqual(places.toSorted());
    for (const row of rows.filter((_, index) => index % 397 === 0)) {
      const member = byKey.get(String(row['key']));
      const cid = shards.get(String(row['shard']));
      if (member === undefined || cid === undefined) throw new Error('a row names nothing known');
      expect(row).toMatchObject({
        asset_cid: member.cid,
        sha256: member.sha256,
        size: BigInt(member.size),
        maker: member.makers[0]?.id.slice(0, 32),
        requester: 'anyone',
        license: member.licence,
        level: member.level,
        self_vetted: member.selfVetted,
        ...{ width: 1200, height: 800, consent: '', deposited: member.deposited },
      });
      const [offset, length] = [Number(row['offset']), Number(row['size'])];
      const bytes = await readAll(content, cid, { offset, length });
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(member.sha256);
      const [at, size] = [Number(row['json_offset']), Number(row['json_size'])];
      const sidecar = await readAll(content, cid, { offset: at, length: size });
      expect(JSON.parse(sidecar.toString())).toMatchObject({ asset: member.cid });
    }
  });
});

describe('cutting refuses', () => {
  it('an empty selection', async () => {
    await expect(cut(createMemoryContent(), [])).rejects.toMatchObject({ code: 'release_empty' });
  });

  it.each([
    [
      'a kind that loaders do not read',
      (member: ReleaseMember) => [{ ...member, mediaType: 'image/tiff' }],
    ],
    ['an asset given twice', (member: ReleaseMember) => [member, member]],
    [
      'an asset of 8 GiB',
      (member: ReleaseMember) => [{ ...member, size: 2 ** 33, dagSize: 2 ** 34 }],
    ],
    [
      'an asset whose sizes disagree',
      (member: ReleaseMember) => [{ ...member, dagSize: member.size - 1 }],
    ],
  ])('%s, naming it', async (_, change) => {
    const content = createMemoryContent();
    const bytes = noise('large', 3000);
    const member = releaseMember(content.putFile(bytes, { leaf: 1000 }), bytes);
    await expect(cut(content, change(member))).rejects.toMatchObject({
      code: 'release_invalid',
      message: expect.stringContaining(member.cid),
    });
  });

  it.each([
    ['name that could not be part of a card', { name: '../x: y' }],
    ['version that is none', { version: 'latest' }],
    ['validation split of everything', { validation: 1 }],
  ])('a %s, before it writes anything', async (_, request) => {
    const content = createMemoryContent();
    const members = store(content, 1);
    const before = content.blocks.size;
    await expect(cut(content, members, request)).rejects.toMatchObject({ code: 'release_invalid' });
    expect(content.blocks.size).toBe(before);
  });

  it('to finish over bytes that are not here', async () => {
    const content = createMemoryContent();
    const members = store(content, 5);
    content.blocks.delete(members[2]?.cid as Cid);
    await expect(cut(content, members)).rejects.toMatchObject({ code: 'block_missing' });
    expect(content.synced.filter(({ blocks }) => blocks > 0)).toEqual([]);
  });

  it('to go on when told to stop', async () => {
    const content = createMemoryContent();
    const stop = new AbortController();
    const cutting = cut(
      content,
      store(content, 40),
      {},
      {
        signal: stop.signal,
        onProgress: ({ step }) => step === 'compose' && stop.abort(),
      },
    );
    await expect(cutting).rejects.toMatchObject({ code: 'aborted' });
  });
});
