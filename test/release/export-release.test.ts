import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { forgeRelease } from '../support/forge-release.ts';
import { hasProgram } from '../support/has-program.ts';
import { createMemoryContent, type MemoryContent, readAll } from '../support/memory-content.ts';
import { noise, releaseMember, releaseRequest } from '../support/release-members.ts';
import { releaseSeal, releasesOver } from '../support/release-seal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Cuts a release of pictures and texts, a zero-byte one and one of several blocks among them. */
async function cut() {
  const content = createMemoryContent();
  const sizes = [0, 1, 511, 512, 513, 70_000, 1_048_577];
  const members = sizes.flatMap((size) =>
    ['image/png', 'text/plain'].map((mediaType) => {
      const bytes = noise(`${mediaType} ${size}`, size);
      return releaseMember(content.putFile(bytes), bytes, { mediaType, licence: 'CC-BY-4.0' });
    }),
  );
  // The empty file is one asset, whatever it is said to be.
  const distinct = members.filter(({ size, mediaType }) => size > 0 || mediaType === 'image/png');
  using scratch = temporaryFolder();
  const releases = releasesOver(content, scratch.path);
  const { release } = await releases.cut(releaseRequest, distinct, releaseSeal());
  return { content, releases, release, members: distinct };
}

const NAMES = [
  'ATTRIBUTION.txt',
  'LICENSES.csv',
  'README.md',
  'SHA256SUMS',
  'croissant.json',
  'descriptions.jsonl',
  'images-png-train-000000.tar',
  'metadata.parquet',
  'release.json',
  'release.sig',
  'release.tlog-proof',
  'text-txt-train-000000.tar',
];

describe('exporting a release', () => {
  it('writes the files of its directory, and nothing else', async () => {
    using folder = temporaryFolder();
    const { content, releases, release } = await cut();
    const out = join(folder.path, 'new', 'folder');
    const done = await releases.export(release, out);
    expect(readdirSync(out).sort()).toEqual(NAMES);
    for await (const { name, cid } of content.list(release)) {
      expect(readFileSync(join(out, name)).equals(await readAll(content, cid))).toBe(true);
    }
    const bytes = NAMES.reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
    expect(done).toEqual({ files: 12, bytes, kept: 0, erased: [] });
  });

  it('goes on where it stopped, keeps what is there, and clears what was left half', async () => {
    using folder = temporaryFolder();
    const { releases, release } = await cut();
    const { shards } = await releases.manifest(release);
    const stop = new AbortController();
    const stopped = releases.export(release, folder.path, {
      signal: stop.signal,
      onProgress: ({ done }) => done > (shards[0]?.size ?? 0) && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(readdirSync(folder.path)).not.toContain('release.json');
    expect(readdirSync(folder.path)).toEqual(['images-png-train-000000.tar']);
    // What a killed process leaves behind:
    mkdirSync(join(folder.path, '.ringfence-export-abc123'));
    writeFileSync(join(folder.path, '.ringfence-export-abc123', 'README.md'), 'half');
    const before = statSync(join(folder.path, 'images-png-train-000000.tar'), { bigint: true });
    expect(await releases.export(release, folder.path)).toMatchObject({ files: 12, kept: 1 });
    expect(readdirSync(folder.path).sort()).toEqual(NAMES);
    const after = statSync(join(folder.path, 'images-png-train-000000.tar'), { bigint: true });
    expect(after.mtimeNs).toBe(before.mtimeNs);
    expect(await releases.export(release, folder.path)).toMatchObject({ kept: 12 });
  });

  it.each([
    ['another text', (path: string) => writeFileSync(path, 'mine')],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to somewhere', (path: string) => symlinkSync('/nowhere', path)],
  ])('overwrites nothing: %s stays, and no file is written', async (_, put) => {
    using folder = temporaryFolder();
    const { releases, release } = await cut();
    put(join(folder.path, 'README.md'));
    await expect(releases.export(release, folder.path)).rejects.toMatchObject({
      code: 'export_conflict',
      message: expect.stringContaining('README.md'),
    });
    expect(readdirSync(folder.path)).toEqual(['README.md']);
  });

  it('writes no file whose bytes are not those of the release', async () => {
    using folder = temporaryFolder();
    const { content, releases, release } = await cut();
    const damaged = content.blocks.keys().find((cid) => content.blocks.get(cid)?.length === 70_000);
    if (damaged === undefined) throw new Error('no block of an asset was found');
    content.blocks.set(damaged, noise('damage', 70_000));
    await expect(releases.export(release, folder.path)).rejects.toMatchObject({
      code: 'block_corrupt',
    });
    expect(readdirSync(folder.path)).not.toContain('release.json');
    for (const name of readdirSync(folder.path)) {
      expect(
        readFileSync(join(folder.path, name)).equals(await fileOf(content, release, name)),
      ).toBe(true);
    }
  });

  it('writes nothing of a directory that names files outside the folder', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'out');
    const content = createMemoryContent();
    const bytes = noise('a', 10);
    const members = [releaseMember(content.putFile(bytes), bytes)];
    const releases = releasesOver(content);
    const names = [
      '../evil.tar',
      '/evil.tar',
      'a/../../evil.tar',
      '.hidden.tar',
      'nul.tar',
      'a\\b.tar',
    ];
    for (const name of names) {
      const release = await forgeRelease(content, members, {
        manifestBytes: (own) =>
          Buffer.from(
            Buffer.from(own)
              .toString()
              .replace('"name":"images-png-train-000000.tar"', `"name":${JSON.stringify(name)}`),
          ),
        links: (links) =>
          new Map([...links].map(([file, cid]) => [file.replace(/^images.*/, name), cid])),
      });
      await expect(releases.export(release, out)).rejects.toMatchObject({
        code: 'release_invalid',
      });
    }
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('refuses a file whose bytes are not those its manifest promises', async () => {
    using folder = temporaryFolder();
    const content = createMemoryContent();
    const bytes = noise('a', 10);
    const sha256 = '0'.repeat(64);
    const release = await forgeRelease(content, [releaseMember(content.putFile(bytes), bytes)], {
      manifest: (manifest) => ({
        ...manifest,
        shards: manifest.shards.map((shard) => ({ ...shard, sha256 })),
      }),
      checksums: (text) => text.replace(/^\w+/, sha256),
    });
    const releases = releasesOver(content);
    await expect(releases.export(release, folder.path)).rejects.toMatchObject({
      code: 'release_invalid',
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('says which folder cannot be written to', async () => {
    using folder = temporaryFolder();
    const { releases, release } = await cut();
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    await expect(releases.export(release, path)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining(path),
    });
    rmSync(path);
  });
});

describe.skipIf(!hasProgram('tar', '--version', /tar/))(
  'an exported release, with tar and sha256sum (skipped where tar is not installed)',
  () => {
    it('is listed and unpacked by tar', async () => {
      using folder = temporaryFolder();
      const { content, releases, release, members } = await cut();
      await releases.export(release, folder.path);
      const shard = join(folder.path, 'images-png-train-000000.tar');
      const listed = execFileSync('tar', ['-tf', shard], { encoding: 'utf8' })
        .trimEnd()
        .split('\n');
      const pictures = members.filter(({ mediaType }) => mediaType === 'image/png');
      expect(listed.sort()).toEqual(
        pictures.flatMap(({ cid }) => [`${cid}.json`, `${cid}.png`]).sort(),
      );
      execFileSync('tar', ['-xf', shard, '-C', folder.path]);
      for (const { cid } of pictures) {
        const bytes = readFileSync(join(folder.path, `${cid}.png`));
        expect(bytes.equals(await readAll(content, cid))).toBe(true);
      }
    });

    it.skipIf(!hasProgram('sha256sum', '--version', /sha256sum/))(
      'is found whole by sha256sum (skipped where it is not installed)',
      async () => {
        using folder = temporaryFolder();
        const { releases, release } = await cut();
        await releases.export(release, folder.path);
        const told = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], {
          cwd: folder.path,
          encoding: 'utf8',
        });
        expect(told.trimEnd().split('\n')).toHaveLength(8);
        expect(told).not.toContain('FAILED');
      },
    );
  },
);

describe.skipIf(!hasProgram('python3', '--version', /Python 3/))(
  'an exported release, with Python (skipped where python3 is not installed)',
  () => {
    it('is read by tarfile, from disk and as a stream', async () => {
      using folder = temporaryFolder();
      const { releases, release, members } = await cut();
      await releases.export(release, folder.path);
      const script = `
import tarfile, json, sys, hashlib
for mode in ("r:", "r|"):
    with tarfile.open(sys.argv[1], mode) as tar:
        last = None
        for member in tar:
            data = tar.extractfile(member).read()
            key, extension = member.name.split(".", 1)
            if extension == "json":
                assert key == last[0], (key, last)
                assert json.loads(data)["sha256"] == hashlib.sha256(last[1]).hexdigest()
                print(key)
            last = (key, data)
`;
      const shard = join(folder.path, 'text-txt-train-000000.tar');
      const keys = execFileSync('python3', ['-c', script, shard], { encoding: 'utf8' });
      const texts = members.filter(({ mediaType }) => mediaType === 'text/plain');
      expect(keys.trimEnd().split('\n').sort()).toEqual(
        texts.flatMap(({ cid }) => [String(cid), String(cid)]).sort(),
      );
    });
  },
);

async function fileOf(content: MemoryContent, release: Cid, wanted: string): Promise<Buffer> {
  for await (const { name, cid } of content.list(release)) {
    if (name === wanted) return readAll(content, cid);
  }
  throw new Error(`${release} has no ${wanted}`);
}
