import type { Cid } from '../core/cid.ts';
import { contentRootOf } from '../core/dataset/content-root.ts';
import type { ReleaseManifest, ReleaseShard } from '../core/dataset/manifest.ts';
import { checkHead, encodeManifest } from '../core/dataset/manifest-file.ts';
import { SEALS } from '../core/dataset/release-files.ts';
import type {
  CutRelease,
  ReleaseMember,
  ReleaseOptions,
  ReleaseRequest,
  ReleaseSeal,
} from '../core/ports/release.ts';
import { describeRelease, headOf, type ReleaseDescription } from './card/describe-release.ts';
import { tellBeside } from './card/tell-beside.ts';
import { digest } from './digest.ts';
import { createFileSink } from './file-sink.ts';
import { type CollectedMembers, collectMembers } from './members/collect-members.ts';
import type { ReleaseContent } from './release-content.ts';
import { type ComposedShard, composeShards } from './shards/compose-shards.ts';
import { hashShards } from './shards/hash-shards.ts';
import { openSampleTables, type StoredFile } from './tables/sample-tables.ts';

interface Parts {
  readonly content: ReleaseContent;
  readonly scratch: string;
}

/** How often progress is told, in assets. */
const STEP = 1024;

/** Composes, hashes, describes and stores a release; see `Releases.cut`. */
export async function cutRelease(
  request: ReleaseRequest,
  members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
  seal: ReleaseSeal,
  { content, scratch }: Parts,
  options: ReleaseOptions = {},
): Promise<CutRelease> {
  checkHead(headOf(request, seal));
  await using collected = await collectMembers(request, members, scratch, options);
  const { composed, tables } = await compose(request, collected, { content, scratch }, options);
  const shards = await hash(composed, content, options);
  const told = describeRelease(
    request,
    seal,
    collected.tally,
    shards.map(({ dagSize: _, ...shard }) => shard),
  );
  const stored = await storeFiles(told, tables, seal, content);
  const { manifest, files } = stored;
  const entries = [...shards, ...files];
  const directory = await content.putDirectory(
    entries.map(({ name, cid, dagSize }) => ({ name, cid, dagSize })),
  );
  await content.sync([directory.cid]);
  const linked = entries.reduce((sum, { dagSize }) => sum + dagSize, 0);
  return {
    release: directory.cid,
    contentRoot: manifest.contentRoot,
    assets: told.counts.assets,
    bytes: told.counts.bytes,
    shards: told.shards,
    extraBytes: shards.reduce((sum, { glueBytes }) => sum + glueBytes, 0),
    tableBytes: files.reduce((sum, { dagSize }) => sum + dagSize, 0) + (directory.dagSize - linked),
    manifest: stored.sha256,
  };
}

async function compose(
  request: ReleaseRequest,
  { assets: total, sorted, limitOf }: CollectedMembers,
  { content, scratch }: Parts,
  { signal, onProgress }: ReleaseOptions,
): Promise<{ composed: readonly ComposedShard[]; tables: readonly StoredFile[] }> {
  await using tables = openSampleTables(request, content, scratch);
  let done = 0;
  const composed = await composeShards(sorted(), content, {
    request,
    limitOf,
    signal,
    onSample: async (sample) => {
      await tables.add(sample);
      done += 1;
      if (done % STEP === 0 || done === total) {
        onProgress?.({ step: 'compose', unit: 'assets', done, total });
      }
    },
  });
  return { composed, tables: await tables.finish() };
}

async function hash(
  composed: readonly ComposedShard[],
  content: ReleaseContent,
  { signal, onProgress }: ReleaseOptions,
): Promise<readonly (ComposedShard & ReleaseShard)[]> {
  const total = composed.reduce((sum, { size }) => sum + size, 0);
  const onBytes = (done: number) => onProgress?.({ step: 'hash', unit: 'bytes', done, total });
  return Array.fromAsync(hashShards(composed, content, { signal, onBytes }));
}

/** Stores what lies beside the shards, and returns the manifest with the sha-256 of its file. */
async function storeFiles(
  told: ReleaseDescription,
  tables: readonly StoredFile[],
  seal: ReleaseSeal,
  content: ReleaseContent,
): Promise<{ files: readonly StoredFile[]; manifest: ReleaseManifest; sha256: string }> {
  const store = async (name: string, bytes: Uint8Array): Promise<StoredFile> => {
    const sink = createFileSink(content);
    await sink.write(bytes);
    return { name, ...(await sink.finish()) };
  };
  const text = (name: string, lines: string) => store(name, Buffer.from(lines));
  const listed = await tellBeside(told, tables, text);
  const named: Record<string, { cid: Cid; size: number; sha256: string }> = {};
  for (const { name, cid, size, sha256 } of listed) named[name] = { cid, size, sha256 };
  const contentRoot = contentRootOf({ shards: told.shards, files: named }, digest);
  const manifest = { ...told, contentRoot, files: named };
  const bytes = encodeManifest(manifest);
  const own = await store(SEALS.manifest, bytes);
  const signature = await text(SEALS.signature, seal.sign(bytes));
  const proof = await text(SEALS.proof, seal.proof);
  return { files: [...listed, own, signature, proof], manifest, sha256: own.sha256 };
}
