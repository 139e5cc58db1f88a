import type { Response } from 'express';
import { CID } from 'multiformats/cid';
import type { Archive } from '../../archive/archive.ts';
import { liveFile } from '../../archive/live/live-file.ts';
import type { LiveView } from '../../archive/live/live-release.ts';
import type { LiveTables } from '../../archive/live/live-tables.ts';
import { servedTables } from '../../archive/live/served-tables.ts';
import { type Cid, parseCid } from '../../core/cid.ts';
import { walkDag } from '../../core/dag/walk-dag.ts';
import type { ProofBlock } from '../../core/ports/release.ts';
import { MEDIA_TYPE } from '../gateway/response-format.ts';
import { writeCar } from '../gateway/write-car.ts';
import { DIRECTORY } from './release-path.ts';

type Parts = Pick<Archive, 'content' | 'releases'> & {
  readonly tables: Pick<LiveTables, 'of'>;
};

/**
 * Sends what shows that a file of a release is what its manifest names: a CAR of its nodes, and, of a shard
 * from which something was withdrawn, of what its composing needs. Of the release itself, its directory.
 * Returns false where there is no such file.
 */
export async function sendProof(
  res: Response,
  name: string,
  view: LiveView,
  parts: Parts,
): Promise<boolean> {
  const proof = await proofOf(name, view, parts);
  if (proof === undefined) return false;
  res.type(`${MEDIA_TYPE.car}; version=1`);
  await writeCar(res, CID.parse(proof.root), proof.blocks);
  return true;
}

async function proofOf(name: string, view: LiveView, { content, releases, tables }: Parts) {
  const { release, manifest, withdrawn } = view;
  if (name === DIRECTORY) return { root: release, blocks: directory(release, content) };
  const shard = manifest.shards.find((one) => one.name === name);
  const file = shard ?? (await liveFile(view, name, { content, tables }));
  if (file === undefined) return undefined;
  if ('isStored' in file && !file.isStored) {
    // No store has the tables of a revision; the node's signed word names them.
    const { written } = (await servedTables(view, { content, tables })) ?? {};
    const nodes = [...(written?.nodes ?? [])].map(([cid, bytes]) => ({ cid, bytes }));
    return { root: file.cid, blocks: named(nodes) };
  }
  const withheld = [...withdrawn.values()].filter((one) => one.shard === name);
  const blocks = releases.proof(file, new Set(withheld.map(({ asset }) => asset)));
  return { root: file.cid, blocks: named(blocks) };
}

async function* directory(release: Cid, content: Parts['content']) {
  const root = CID.parse(release);
  const blocks = { get: (cid: CID) => content.getBlock(parseCid(String(cid))) };
  yield* walkDag(blocks, { cid: root, way: [root] }, { scope: 'entity', dups: false });
}

async function* named(blocks: AsyncIterable<ProofBlock> | Iterable<ProofBlock>) {
  for await (const { cid, bytes } of blocks) yield { cid: CID.parse(cid), bytes };
}
