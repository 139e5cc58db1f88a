import { describe, expect, it } from 'vitest';
import { CODEC, codecOf } from '../../src/core/cid.ts';
import type { ReleaseManifest } from '../../src/core/dataset/manifest.ts';
import { toEntryHash } from '../../src/core/entries/entry-hash.ts';
import type { ReleaseMember } from '../../src/core/ports/release.ts';
import { decodeFileNode } from '../../src/core/unixfs/file-node.ts';
import { type Forgery, forgeRelease, leafOf, type ShardPart } from '../support/forge-release.ts';
import { createMemoryContent, type MemoryContent } from '../support/memory-content.ts';
import { noise, releaseMember, releaseRequest } from '../support/release-members.ts';
import { releaseSeal, releasesOver } from '../support/release-seal.ts';

/** Eight assets of 700 bytes each, one of them a tree of leaves. */
function store(content: MemoryContent): ReleaseMember[] {
  return Array.from({ length: 8 }, (_, index) => {
    const bytes = noise(`asset ${index}`, 700);
    return releaseMember(content.putFile(bytes, index === 3 ? { leaf: 100 } : {}), bytes);
  });
}

async function verify(
  forgery: Forgery,
  damage: (content: MemoryContent, all: ReleaseMember[]) => void = () => {},
) {
  const content = createMemoryContent();
  const members = store(content);
  const release = await forgeRelease(content, members, forgery);
  damage(content, members);
  return releasesOver(content).verify(release);
}

/** Changes the first shard that a manifest lists. */
const withShard =
  (change: Partial<ReleaseManifest['shards'][number]>) => (manifest: ReleaseManifest) => ({
    ...manifest,
    shards: manifest.shards.map((shard) => ({ ...shard, ...change })),
  });

const editText = (from: string, to: string) => (bytes: Uint8Array) =>
  Buffer.from(Buffer.from(bytes).toString().replace(from, to));

const SHARD = 'images-png-train-000000.tar';

describe('verifying a release', () => {
  it('finds nothing wrong with one that is right', async () => {
    expect(await verify({})).toEqual({
      ...{ ok: true, assets: 8, shards: 1, bytes: 5600 },
      ...{ removed: 0, erased: [], problems: [] },
    });
  });

  it('does so when the parts of its shard are put together by hand', async () => {
    expect(await verify({ parts: (parts) => parts })).toMatchObject({ ok: true, problems: [] });
  });

  const lies: readonly (readonly [string, Forgery, string])[] = [
    [
      'an asset in the place of another',
      {
        sample: (sample, { cid }) => ({ ...sample, asset: { ...sample.asset, cid: other(cid) } }),
      },
      SHARD,
    ],
    ['samples in another order', { order: (members) => members.toReversed() }, SHARD],
    [
      'a sample that comes twice',
      {
        order: ([first, ...rest]) => (first === undefined ? [] : [first, first, ...rest.slice(1)]),
      },
      SHARD,
    ],
    [
      'a sidecar that gives another digest',
      {
        sample: (s) => ({
          ...s,
          sidecar: editText('"sha256":"', '"sha256":"0')(s.sidecar).subarray(0, -1),
        }),
      },
      SHARD,
    ],
    [
      'a sidecar that claims another policy',
      { sample: (s) => ({ ...s, sidecar: editText('corroborated', 'gold')(s.sidecar) }) },
      SHARD,
    ],
    [
      'a sidecar that claims another level',
      { sample: (s) => ({ ...s, sidecar: editText('"H2"', '"H5"')(s.sidecar) }) },
      'release.json',
    ],
    [
      'a sidecar with a key more',
      { sample: (s) => ({ ...s, sidecar: editText('{', '{"x":1,')(s.sidecar) }) },
      SHARD,
    ],
    ['a sidecar under another name', { sample: (s) => ({ ...s, sidecarName: 'x.json' }) }, SHARD],
    ['an asset under a path', { sample: (s) => ({ ...s, name: `../${s.name}` }) }, SHARD],
    [
      'an extension of another configuration',
      { sample: (s) => ({ ...s, name: s.name.replace('png', 'jpg') }) },
      SHARD,
    ],
    [
      'bytes that are copied, not linked',
      {
        parts: (parts, put) =>
          parts.map((part) => (isTree(part) ? put(leafOf(noise('asset 3', 700))) : part)),
      },
      SHARD,
    ],
    [
      'a header that differs in its mode',
      {
        parts: ([first, ...rest], put) => {
          if (first?.bytes === undefined) throw new Error('the first part is glue');
          const bytes = Buffer.from(first.bytes);
          bytes.write('7', 106);
          return [put(leafOf(bytes)), ...rest];
        },
      },
      SHARD,
    ],
    [
      'a part without bytes',
      { parts: (parts, put) => [put(leafOf(new Uint8Array(0))), ...parts] },
      SHARD,
    ],
    ['an end that is cut off', { parts: (parts) => parts.slice(0, -1) }, SHARD],
    [
      'something after the end',
      { parts: (parts, put) => [...parts, put(leafOf(Buffer.alloc(10_240)))] },
      SHARD,
    ],
    [
      'padding with something in it',
      {
        parts: (parts, put) => {
          const last = parts.at(-1);
          if (last?.bytes === undefined) throw new Error('the last part is glue');
          const bytes = Buffer.from(last.bytes);
          bytes.write('hidden', bytes.length - 6);
          return [...parts.slice(0, -1), put(leafOf(bytes))];
        },
      },
      SHARD,
    ],
    ['a wrong count of samples', { manifest: withShard({ samples: 9 }) }, SHARD],
    ['a wrong count of its own bytes', { manifest: withShard({ glueBytes: 1 }) }, SHARD],
    ['a shard number that is left out', { manifest: withShard({ config: 'images-svg' }) }, SHARD],
    ['another seed than it was ordered by', { manifest: (m) => ({ ...m, seed: 'other' }) }, SHARD],
    [
      'wrong counts',
      { manifest: (m) => ({ ...m, counts: { ...m.counts, assets: 9 } }) },
      'release.json',
    ],
    [
      'a file that its manifest does not name',
      { links: (links) => new Map([...links, ['extra.sh', [...links.values()][0] ?? other()]]) },
      'release.json',
    ],
    [
      'another file than its manifest names',
      {
        links: (links) =>
          new Map([...links].map(([name, cid]) => [name, name === SHARD ? other() : cid])),
      },
      'release.json',
    ],
    ['a signature of another key', { seal: () => releaseSeal('another') }, 'release.json'],
    [
      'a signature over something else',
      { seal: (seal) => ({ ...seal, sign: () => seal.sign(Buffer.from('other')) }) },
      'release.json',
    ],
    [
      'a proof of another ledger state',
      {
        seal: (seal) => ({
          ...seal,
          proof: releaseSeal('curator', toEntryHash(releaseRequest.policy.cid)).proof,
        }),
      },
      'release.json',
    ],
    [
      'a proof by the log of somebody else',
      { seal: (seal) => ({ ...seal, proof: releaseSeal('another').proof }) },
      'release.json',
    ],
    [
      'a content root of other shards',
      { manifest: (m) => ({ ...m, contentRoot: other() }) },
      'release.json',
    ],
    [
      'no manifest',
      { links: (links) => new Map([...links].filter(([name]) => name !== 'release.json')) },
      'release.json',
    ],
    ['a manifest that is not canonical', { manifestBytes: editText('{', '{ ') }, 'release.json'],
    [
      'a manifest that is cut off',
      { manifestBytes: (bytes) => bytes.subarray(0, 100) },
      'release.json',
    ],
    [
      'a file name that leads elsewhere',
      { manifestBytes: editText(SHARD, '../images.tar') },
      'release.json',
    ],
    ['checksums that differ', { checksums: (text) => text.replace(/^./, 'x') }, 'release.json'],
  ];

  it.each(lies)('finds %s', async (_, forgery, subject) => {
    const report = await verify(forgery);
    expect(report.ok).toBe(false);
    expect(report.problems[0]).toMatchObject({ subject });
    expect(['release_invalid', 'input_invalid']).toContain(report.problems[0]?.code);
  });

  it('finds a digest that the bytes do not have', async () => {
    const sha256 = '0'.repeat(64);
    const report = await verify({
      manifest: withShard({ sha256 }),
      checksums: (text) => text.replace(/^\w+/, sha256),
    });
    expect(report.problems).toEqual([
      { code: 'release_invalid', subject: SHARD, text: expect.stringContaining('sha-256') },
    ]);
  });

  it('finds a block that is damaged or gone, and goes on with the other files', async () => {
    const damaged = await verify({}, (content, [first]) => {
      if (first !== undefined) content.blocks.set(first.cid, noise('damage', 700));
    });
    expect(damaged.problems).toEqual([
      { code: 'block_corrupt', subject: SHARD, text: expect.any(String) },
    ]);
    const gone = await verify({}, (content, [first]) => {
      if (first !== undefined) content.blocks.delete(first.cid);
    });
    expect(gone.problems.map(({ code }) => code)).toContain('block_missing');
    expect(gone.problems.every(({ subject }) => subject === SHARD)).toBe(true);
  });
});

describe('verifying a release with removed assets', () => {
  /** Deletes blocks of the first asset and of the tree, which were removed, and more by `damage`. */
  async function verifyHoles(
    holesOf: (content: MemoryContent, tree: ReleaseMember) => void,
    damage: (content: MemoryContent, all: ReleaseMember[]) => void = () => {},
  ) {
    const content = createMemoryContent();
    const members = store(content);
    const release = await forgeRelease(content, members, {});
    const [first, , , tree] = members;
    if (first === undefined || tree === undefined) throw new Error('there are eight assets');
    content.blocks.delete(first.cid);
    holesOf(content, tree);
    damage(content, members);
    const told: unknown[] = [];
    const report = await releasesOver(content).verify(release, {
      removed: new Set([first.cid, tree.cid]),
      onRemoved: (sample) => void told.push(sample),
    });
    const holes = [first, tree].map(({ cid: asset }) => ({ asset, shard: SHARD, size: 700 }));
    return { report, told, holes: expect.arrayContaining(holes) };
  }

  it('tells each that is gone, whole or in part, and finds nothing wrong with the rest', async () => {
    for (const part of [0, 1]) {
      const { report, told, holes } = await verifyHoles((content, { cid }) => {
        const [leaf] = decodeFileNode(content.blocks.get(cid) ?? new Uint8Array()).children;
        content.blocks.delete([cid, leaf?.cid][part] ?? cid);
      });
      expect(told).toEqual(holes);
      expect(told).toHaveLength(2);
      expect(report).toEqual({
        ...{ ok: true, assets: 8, shards: 1, bytes: 5600 },
        ...{ removed: 2, erased: [], problems: [] },
      });
    }
  });

  it('counts as there what was removed and is here still', async () => {
    const { report, told } = await verifyHoles(() => {});
    expect(told).toHaveLength(1);
    expect(report).toMatchObject({ ok: true, removed: 1 });
  });

  it('finds what else is lost or damaged beside the holes', async () => {
    const lost = await verifyHoles(
      () => {},
      (content, [, second]) => void (second && content.blocks.delete(second.cid)),
    );
    expect(lost.report).toMatchObject({ ok: false, problems: [{ code: 'block_missing' }] });
    expect(lost.report.problems[0]?.text).toContain(store(createMemoryContent())[1]?.cid);
    const damaged = await verifyHoles(
      () => {},
      (content, [, second]) => void (second && content.blocks.set(second.cid, noise('other', 700))),
    );
    expect(damaged.report.problems).toMatchObject([{ code: 'block_corrupt', subject: SHARD }]);
  });
});

/** The one asset that is a tree of leaves. */
function isTree({ cid, fileSize }: ShardPart): boolean {
  return fileSize === 700 && codecOf(cid) === CODEC.dagPb;
}

/** A CID of nothing that is stored, or of another asset where one is given. */
function other(cid?: string) {
  const content = createMemoryContent();
  const [first, second] = store(content);
  if (first === undefined || second === undefined) throw new Error('there are eight assets');
  return cid === first.cid ? second.cid : first.cid;
}
