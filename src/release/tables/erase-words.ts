import { z } from 'zod';
import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { decodeFileNode } from '../../core/unixfs/file-node.ts';
import type { ReleaseContent } from '../release-content.ts';

/** A block of a file of words; without bytes where it was destroyed, or is not here. */
interface WordLeaf {
  readonly cid: Cid;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Destroys what a release says in words out of these records, and returns how many blocks that were. A
 * block has lines of one maker, and all of them go; the next release has the others again.
 *
 * The lines to show go first, since the others say which they are: calling it again after a failure
 * finishes it.
 */
export async function eraseWords(
  { files }: Pick<ReleaseManifest, 'files'>,
  records: ReadonlySet<Cid>,
  content: Pick<ReleaseContent, 'getBlock' | 'destroy'>,
): Promise<number> {
  const described: Cid[] = [];
  const assets = new Set<string>();
  for await (const { cid, bytes } of leavesOf(files[RELEASE_FILES.descriptions]?.cid, content)) {
    const told = linesOf(bytes).map((line) => toldBy(line, records));
    if (!told.some(({ isErased }) => isErased)) continue;
    described.push(cid);
    for (const { key, isErased } of told) if (isErased) assets.add(key);
  }
  if (described.length === 0) return 0;
  const shown: Cid[] = [];
  for await (const { cid, bytes } of leavesOf(files[RELEASE_FILES.attribution]?.cid, content)) {
    const isErased = linesOf(bytes).some((line) => assets.has(line.slice(0, line.indexOf(' '))));
    if (isErased) shown.push(cid);
  }
  return (await content.destroy(shown)) + (await content.destroy(described));
}

/** Yields the leaves of a file of words, in order. */
export async function* leavesOf(
  cid: Cid | undefined,
  content: Pick<ReleaseContent, 'getBlock'>,
): AsyncGenerator<WordLeaf> {
  if (cid === undefined) return;
  const turn = takeTurns();
  async function* walk(at: Cid): AsyncGenerator<WordLeaf> {
    await turn();
    const bytes = await blockOf(at, content);
    if (codecOf(at) === CODEC.raw || bytes === undefined) yield { cid: at, bytes };
    else for (const child of decodeFileNode(bytes).children) yield* walk(child.cid);
  }
  yield* walk(cid);
}

const description = z.object({ key: z.string(), records: z.string() });

/**
 * Returns which asset a line is about, and whether one of these records is named in it. Members cut releases
 * with tools of their own: what is no line as ours counts as told by whatever CID of a record stands in it.
 */
function toldBy(line: string, records: ReadonlySet<Cid>) {
  const read = description.safeParse(parsed(line));
  const named = read.success ? read.data.records.split(' ') : (line.match(/b[a-z2-7]{58}/g) ?? []);
  // Whatever is no CID is in no set of them.
  const isErased = named.some((one) => records.has(one as Cid));
  return { key: read.success ? read.data.key : '', isErased };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function linesOf(bytes: Uint8Array | undefined): readonly string[] {
  if (bytes === undefined) return [];
  return Buffer.from(bytes)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

async function blockOf(
  cid: Cid,
  content: Pick<ReleaseContent, 'getBlock'>,
): Promise<Uint8Array | undefined> {
  try {
    return await content.getBlock(cid);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'block_missing') return undefined;
    throw error;
  }
}
