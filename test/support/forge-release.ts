import { createHash } from 'node:crypto';
import type { Cid } from '../../src/core/cid.ts';
import { checksums } from '../../src/core/dataset/checksums.ts';
import { contentRootOf } from '../../src/core/dataset/content-root.ts';
import type { ReleaseManifest } from '../../src/core/dataset/manifest.ts';
import { encodeManifest } from '../../src/core/dataset/manifest-file.ts';
import type { ReleaseMember, ReleaseSeal } from '../../src/core/ports/release.ts';
import {
  encodeFileNode,
  encodeLeaf,
  type FileBlock,
  type FileLink,
} from '../../src/core/unixfs/file-node.ts';
import { describeRelease } from '../../src/release/card/describe-release.ts';
import { orderKey } from '../../src/release/members/place-member.ts';
import { createTally } from '../../src/release/members/tally.ts';
import { createShardDag, type ShardSample } from '../../src/release/shards/shard-dag.ts';
import { encodeSidecar } from '../../src/release/shards/sidecar.ts';
import { type MemoryContent, readAll, sha256 } from './memory-content.ts';
import { releaseRequest } from './release-members.ts';
import { releaseSeal } from './release-seal.ts';

/** A part of a shard; its glue is there with its bytes, assets without. */
export interface ShardPart extends FileLink {
  readonly bytes?: Uint8Array;
}

/** What a forger can change; everything that follows from it is made to agree. */
export interface Forgery {
  readonly order?: (members: ReleaseMember[]) => ReleaseMember[];
  readonly sample?: (sample: ShardSample, member: ReleaseMember) => ShardSample;
  /** Changes the parts of the one node of the shard. */
  readonly parts?: (
    parts: readonly ShardPart[],
    put: (block: FileBlock) => FileLink,
  ) => readonly FileLink[];
  readonly manifest?: (manifest: ReleaseManifest) => ReleaseManifest;
  readonly manifestBytes?: (bytes: Uint8Array) => Uint8Array;
  readonly seal?: (seal: ReleaseSeal) => ReleaseSeal;
  readonly checksums?: (text: string) => string;
  readonly links?: (links: ReadonlyMap<string, Cid>) => ReadonlyMap<string, Cid>;
}

/** Stores a release of one small shard that is right but for the forgery. */
export async function forgeRelease(
  content: MemoryContent,
  members: readonly ReleaseMember[],
  forgery: Forgery,
): Promise<Cid> {
  const put = (block: FileBlock): FileLink => {
    content.blocks.set(block.cid, block.bytes);
    return block;
  };
  const store = async (bytes: Uint8Array) => {
    const { cid, fileSize: size } = content.putFile(bytes);
    return { cid, size, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const { root, glueBytes } = shardOf(members, forgery, put);
  const name = 'images-png-train-000000.tar';
  const bytes = await readAll(content, root.cid);
  const shard = {
    name,
    config: 'images-png',
    split: 'train',
    cid: root.cid,
    size: root.fileSize,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    samples: members.length,
    glueBytes,
  } as const;
  const tally = createTally();
  for (const member of members) tally.add({ member, config: 'images-png', split: 'train' });
  const told = describeRelease(releaseRequest, releaseSeal(), tally, [shard]);
  const sums = await store(Buffer.from((forgery.checksums ?? same)(checksums([shard]))));
  const contentRoot = contentRootOf({ shards: [shard], files: {} }, sha256);
  const files = { SHA256SUMS: sums };
  const manifest = (forgery.manifest ?? same)({ ...told, contentRoot, files });
  const ownBytes = (forgery.manifestBytes ?? same)(encodeManifest(manifest));
  const own = await store(ownBytes);
  const { proof, sign } = (forgery.seal ?? same)(releaseSeal());
  const signature = await store(Buffer.from(sign(ownBytes)));
  const links = new Map([
    [name, root.cid],
    ['SHA256SUMS', sums.cid],
    ['release.json', own.cid],
    ['release.sig', signature.cid],
    ['release.tlog-proof', (await store(Buffer.from(proof))).cid],
  ]);
  const entries = [...(forgery.links ?? same)(links)].map(([file, cid]) => ({ name: file, cid }));
  return (await content.putDirectory(entries.map((entry) => ({ ...entry, dagSize: 1 })))).cid;
}

function shardOf(
  members: readonly ReleaseMember[],
  { order = same, sample = same, parts }: Forgery,
  put: (block: FileBlock) => FileLink,
): { readonly root: FileLink; readonly glueBytes: number } {
  const dag = createShardDag(sha256);
  const blocks: FileBlock[] = [];
  const sorted = members.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const member of order(sorted)) {
    const plain = {
      name: `${member.cid}.png`,
      asset: { cid: member.cid, fileSize: member.size, dagSize: member.dagSize },
      sidecarName: `${member.cid}.json`,
      sidecar: encodeSidecar(member, releaseRequest),
    };
    blocks.push(...dag.add(sample(plain, member)).blocks);
  }
  const end = dag.finish();
  for (const block of [...blocks, ...end.blocks]) put(block);
  if (parts === undefined) return end;
  const glue = [...blocks, ...end.blocks].filter(({ cid }) => cid !== end.root.cid);
  const assets = sorted.map(({ cid, size, dagSize }) => ({ cid, fileSize: size, dagSize }));
  const inOrder = glue.flatMap((block, index) => [block, ...assets.slice(index, index + 1)]);
  const root = encodeFileNode(parts(inOrder, put), sha256);
  put(root);
  return {
    root,
    glueBytes: glue.reduce((sum, { bytes }) => sum + bytes.length, root.bytes.length),
  };
}

/** A leaf over these bytes. */
export function leafOf(bytes: Uint8Array): FileBlock {
  return encodeLeaf(bytes, sha256);
}

function keyOf({ cid }: ReleaseMember): string {
  return orderKey(releaseRequest.seed, cid);
}

function same<T>(value: T): T {
  return value;
}
