import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import type { ProofBlock } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { decodeFileNode } from '../../core/unixfs/file-node.ts';
import type { ReleaseContent } from '../release-content.ts';
import { withholdSamples } from './withhold-samples.ts';

type SizedShard = Parameters<typeof withholdSamples>[0];

/** Yields what shows that the bytes of a file of a release are right; see `Releases.proof`. */
export async function* proofBlocks(
  file: { readonly cid: Cid } | SizedShard,
  withheld: ReadonlySet<Cid>,
  content: Pick<ReleaseContent, 'getBlock'>,
): AsyncGenerator<ProofBlock> {
  const glue = 'samples' in file ? await glueRead(file, withheld, content) : new Set<Cid>();
  const told = new Set<Cid>();
  const turn = takeTurns();

  async function* below(cid: Cid): AsyncGenerator<ProofBlock> {
    const isNode = codecOf(cid) !== CODEC.raw;
    if (told.has(cid) || withheld.has(cid) || !(isNode || glue.has(cid))) return;
    told.add(cid);
    await turn();
    const bytes = await content.getBlock(cid);
    yield { cid, bytes };
    if (isNode) for (const child of decodeFileNode(bytes).children) yield* below(child.cid);
  }
  yield* below(file.cid);
}

/** Returns the leaves that are read to leave samples out. */
async function glueRead(
  shard: SizedShard,
  withheld: ReadonlySet<Cid>,
  content: Pick<ReleaseContent, 'getBlock'>,
): Promise<ReadonlySet<Cid>> {
  const glue = new Set<Cid>();
  if (withheld.size === 0) return glue;
  await withholdSamples(shard, withheld, {
    async getBlock(cid) {
      if (codecOf(cid) === CODEC.raw) glue.add(cid);
      return content.getBlock(cid);
    },
    async putBlock() {},
  });
  return glue;
}
