import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import type { ReleaseManifest } from '../../src/core/dataset/manifest.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { ReleaseMember } from '../../src/core/ports/release.ts';
import type { LeftRelease } from '../../src/core/ports/revision-tables.ts';
import { openRevisionTables } from '../../src/release/revisions/open-revision-tables.ts';
import { createMemoryContent, readAll } from '../support/memory-content.ts';
import { maker, noise, releaseMember, releaseRequest } from '../support/release-members.ts';
import { releaseSeal, releasesOver } from '../support/release-seal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const content = createMemoryContent();
const releases = releasesOver(content);
const MAKERS = [[maker('Ada')], [maker('Ben'), maker('Cleo')], [maker('unknown')], [maker('Dan')]];

const members: readonly ReleaseMember[] = Array.from({ length: 300 }, (_, index) => {
  const bytes = noise(`work ${index}`, index === 7 ? 0 : 100 + 3 * index);
  return releaseMember(content.putFile(bytes), bytes, {
    title: `Study ${index}`,
    makers: MAKERS[index % MAKERS.length] ?? [],
    licence: index % 3 === 0 ? 'CC-BY-4.0' : 'CC0-1.0',
    mediaType: index % 5 === 0 ? 'text/plain' : 'image/png',
    level: index % 2 === 0 ? 'H2' : 'H3',
    selfVetted: index % 10 === 0,
  });
});
const withdrawn = new Set([3, 7, 150, 299].map((index) => members[index]?.cid as Cid));

let release: Cid;
let manifest: ReleaseManifest;
/** What is left of the release without what is withdrawn. */
let left: LeftRelease;

beforeAll(async () => {
  ({ release } = await releases.cut(releaseRequest, members, releaseSeal()));
  manifest = await releases.manifest(release);
  left = await leftWithout(withdrawn, 1);
});

async function leftWithout(gone: ReadonlySet<Cid>, revision: number): Promise<LeftRelease> {
  const shards = new Map();
  for (const { name, ...shard } of manifest.shards) {
    const now = await releases.withhold(shard, gone);
    shards.set(name, { name, ...now, sha256: now.cid === shard.cid ? shard.sha256 : null });
  }
  const dated = { revision, issued: '2026-11-25T00:00:00Z' };
  return {
    release,
    manifest,
    ...dated,
    withdrawn: new Map([...gone].map((cid) => [cid, 0])),
    shards,
  };
}

describe('the tables of a revision', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let kept: string;

  beforeEach(() => {
    folder = temporaryFolder();
    kept = join(folder.path, 'tables');
  });
  afterEach(() => folder[Symbol.dispose]());

  const open = (over: Pick<typeof content, 'read' | 'getBlock'> = content) =>
    openRevisionTables(kept, { content: over, scratch: folder.path });
  const signal = new AbortController().signal;
  const at = (revision: number, name: string) =>
    readFileSync(join(kept, release, String(revision), name));

  it('are those of a release that was cut of what is left', async () => {
    await open().write(left, { signal });
    const rest = members.filter(({ cid }) => !withdrawn.has(cid));
    const plain = await releases.manifest(
      (await releases.cut(releaseRequest, rest, releaseSeal())).release,
    );
    for (const name of [
      'metadata.parquet',
      'ATTRIBUTION.txt',
      'descriptions.jsonl',
      'LICENSES.csv',
    ]) {
      const bytes = await readAll(content, plain.files[name]?.cid as Cid);
      expect([name, at(1, name).equals(bytes)]).toEqual([name, true]);
    }
    const { makers, largestMaker, unnamed } = plain.counts;
    const card = at(1, 'README.md').toString();
    const share = Math.round((100 * largestMaker) / rest.length);
    expect(card).toContain(`${makers} makers are named; the one with the most made ${share} %`);
    expect(card).toContain(`${unnamed}\nassets are by nobody in particular`);
    expect(plain.notice.slice(1).filter((sentence) => !card.includes(sentence))).toEqual([]);
  });

  it('have the digest of every file but themselves, and read no shard that nobody touched', async () => {
    const read: Cid[] = [];
    const watched = {
      getBlock: content.getBlock,
      read(...args: Parameters<typeof content.read>) {
        read.push(args[0]);
        return content.read(...args);
      },
    };
    const { files, sums } = await open(watched).write(left, { signal });
    const untouched = manifest.shards.filter(({ name, cid }) => left.shards.get(name)?.cid === cid);
    expect(untouched.length).toBeLessThan(manifest.shards.length);
    for (const { cid, sha256 } of untouched) expect(sums.get(cid)).toBe(sha256);
    expect(read.filter((cid) => untouched.some((shard) => shard.cid === cid))).toEqual([]);
    const told = at(1, 'SHA256SUMS')
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
    const { SHA256SUMS: _own, ...others } = files;
    expect(Object.fromEntries(told.map(([sum, name]) => [name, sum]))).toEqual({
      ...Object.fromEntries(Object.entries(others).map(([name, { sha256 }]) => [name, sha256])),
      ...Object.fromEntries(left.shards.values().map(({ name, cid }) => [name, sums.get(cid)])),
    });
    // The next revision reads again what changed since, and nothing else.
    read.length = 0;
    const next = await leftWithout(new Set([...withdrawn, members[8]?.cid as Cid]), 2);
    await open(watched).write(next, { signal });
    const changed = [...next.shards.values()].filter(({ cid }) => !sums.has(cid));
    const table = manifest.files['metadata.parquet']?.cid;
    expect(new Set(read.filter((cid) => cid !== table))).toEqual(
      new Set(changed.map(({ cid }) => cid)),
    );
    expect(readdirSync(join(kept, release))).toEqual(['2']);
  });

  it('are there again after a restart, and written again where any of them is of another revision', async () => {
    const { files, sums } = await open().write(left, { signal });
    expect(await open().written(left)).toMatchObject({ files, sums });
    expect(await open().written(await leftWithout(new Set(), 1))).toBeUndefined();
    expect(await open().written({ ...left, revision: 2 })).toBeUndefined();
    writeFileSync(join(kept, release, '1', 'index.json'), '{');
    expect(await open().written(left)).toBeUndefined();
  });

  it('are gone when they are dropped, as is what was being written', async () => {
    const tables = open();
    await tables.write(left, { signal });
    const part = tables.read(left, 'README.md', { offset: 0, length: 3 });
    expect(Buffer.concat(await Array.fromAsync(part)).toString()).toBe('---');
    const writing = tables.write({ ...left, revision: 2 }, { signal });
    const ended = expect(writing).rejects.toMatchObject({ code: 'aborted' });
    await tables.drop(release);
    await ended;
    expect(existsSync(join(kept, release))).toBe(false);
    expect(await tables.written(left)).toBeUndefined();
    const gone = tables.read(left, 'README.md', { offset: 0, length: 3 });
    await expect(Array.fromAsync(gone)).rejects.toMatchObject({ code: 'busy', retryable: true });
  });

  it('have no words of records that are erased', async () => {
    const file = manifest.files['descriptions.jsonl']?.cid as Cid;
    const words = Buffer.from(await readAll(content, file)).toString();
    expect(words).toContain('"Dan"');
    const holed = {
      read: content.read,
      async getBlock(cid: Cid) {
        const bytes = await content.getBlock(cid);
        if (!Buffer.from(bytes).includes('"Dan"')) return bytes;
        throw new ArchiveError('block_missing', cid);
      },
    };
    await open(holed).write(left, { signal });
    const lines = at(1, 'descriptions.jsonl').toString();
    expect(lines).not.toContain('"Dan"');
    expect(lines).toContain('"Ben; Cleo"');
    expect(at(1, 'README.md').toString()).toContain('4 makers are named');
  });

  it.each<readonly [string, (told: ReleaseManifest['files']) => ReleaseManifest['files']]>([
    ['no table at all', ({ 'metadata.parquet': _none, ...rest }) => rest],
    [
      'bytes that are no Parquet',
      (files) => ({ ...files, 'metadata.parquet': stored('PAR1, no') }),
    ],
    [
      'a table of another release',
      (files) => ({
        ...files,
        'metadata.parquet': files['LICENSES.csv'] as (typeof files)[string],
      }),
    ],
  ])('are refused for a release with %s', async (_, change) => {
    const forged = { ...left, manifest: { ...manifest, files: change(manifest.files) } };
    await expect(open().write(forged, { signal })).rejects.toMatchObject({
      code: 'release_invalid',
    });
  });

  it('are refused where the rows do not add up to the shards', async () => {
    const shards = new Map(left.shards);
    const [shard] = shards.values();
    if (shard === undefined) throw new Error('there is no shard');
    shards.set(shard.name, { ...shard, samples: shard.samples - 1 });
    await expect(open().write({ ...left, shards }, { signal })).rejects.toMatchObject({
      code: 'release_invalid',
    });
  });
});

function stored(text: string) {
  const { cid, fileSize: size } = content.putFile(Buffer.from(text));
  return { cid, size, sha256: '0'.repeat(64) };
}
