import type { Cid } from '../core/cid.ts';
import { checkHead, encodeManifest, type ReleaseShard } from '../core/dataset/manifest.ts';
import { ArchiveError } from '../core/errors.ts';
import type {
  CutRelease,
  ReleaseMember,
  ReleaseOptions,
  ReleaseRequest,
} from '../core/ports/release.ts';
import { datasetCard } from './card.ts';
import { checksums } from './checksums.ts';
import { type CollectedMembers, collectMembers } from './collect-members.ts';
import { type ComposedShard, composeShards } from './compose-shards.ts';
import { describeRelease, headOf, type ReleaseDescription } from './describe-release.ts';
import { createFileSink, type SunkFile } from './file-sink.ts';
import { hashShards } from './hash-shards.ts';
import { licenceTable } from './licence-table.ts';
import type { ReleaseContent } from './release-content.ts';
import { RELEASE_FILES } from './release-files.ts';
import { createSampleTables } from './sample-tables.ts';

interface Stored extends SunkFile {
  readonly name: string;
}

/** How often progress is told, in assets. */
const STEP = 1024;

/** Composes, hashes, describes and stores a release; see `Releases.cut`. */
export async function cutRelease(
  request: ReleaseRequest,
  members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
  { content, scratch }: { readonly content: ReleaseContent; readonly scratch: string },
  options: ReleaseOptions = {},
): Promise<CutRelease> {
  checkHead(headOf(request));
  await using collected = await collectMembers(request, members, scratch, options);
  if (collected.assets === 0) throw empty(request);
  const { composed, tables } = await compose(request, collected, content, options);
  const shards = await hash(composed, content, options);
  const counts = collected.counts(shards.length);
  const told = describeRelease(
    request,
    counts,
    shards.map(({ dagSize: _, ...shard }) => shard),
  );
  const files = await storeFiles(told, tables, shards, content);
  const { manifest } = files;
  const entries = [...shards, ...files.all];
  const directory = await content.putDirectory(
    entries.map(({ name, cid, dagSize }) => ({ name, cid, dagSize })),
  );
  await content.sync([directory.cid]);
  const linked = entries.reduce((sum, { dagSize }) => sum + dagSize, 0);
  return {
    release: directory.cid,
    assets: counts.assets,
    bytes: counts.bytes,
    shards: told.shards,
    extraBytes: shards.reduce((sum, { glueBytes }) => sum + glueBytes, 0),
    tableBytes:
      files.all.reduce((sum, { dagSize }) => sum + dagSize, 0) + (directory.dagSize - linked),
    manifest: manifest.sha256,
  };
}

async function compose(
  request: ReleaseRequest,
  { assets: total, sorted, limitOf }: CollectedMembers,
  content: ReleaseContent,
  { signal, onProgress }: ReleaseOptions,
): Promise<{ composed: readonly ComposedShard[]; tables: readonly Stored[] }> {
  const tables = createSampleTables(request, content);
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
  const { metadata, attribution } = await tables.finish();
  return {
    composed,
    tables: [
      { name: RELEASE_FILES.metadata, ...metadata },
      { name: RELEASE_FILES.attribution, ...attribution },
    ],
  };
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

async function storeFiles(
  told: ReleaseDescription,
  tables: readonly Stored[],
  shards: readonly { readonly name: string; readonly sha256: string }[],
  content: ReleaseContent,
): Promise<{ readonly all: readonly Stored[]; readonly manifest: Stored }> {
  const store = async (name: string, bytes: Uint8Array): Promise<Stored> => {
    const sink = createFileSink(content);
    await sink.write(bytes);
    return { name, ...(await sink.finish()) };
  };
  const summed = [
    ...tables,
    await store(RELEASE_FILES.licences, Buffer.from(licenceTable(told.counts.licences))),
    await store(RELEASE_FILES.card, Buffer.from(datasetCard(told))),
  ];
  const sums = Buffer.from(checksums([...shards, ...summed]));
  const listed = [...summed, await store(RELEASE_FILES.checksums, sums)];
  const files: Record<string, { cid: Cid; size: number; sha256: string }> = {};
  for (const { name, cid, size, sha256 } of listed) files[name] = { cid, size, sha256 };
  const manifest = await store(RELEASE_FILES.manifest, encodeManifest({ ...told, files }));
  return { all: [...listed, manifest], manifest };
}

function empty({ purpose, requester, policy }: ReleaseRequest): ArchiveError {
  return new ArchiveError(
    'release_empty',
    `nothing to release: no asset of the selection is eligible for ${purpose} by ${requester} under policy ${policy.policy.name}; "explain CID" says why for each`,
  );
}
