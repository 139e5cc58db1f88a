import { readSync } from 'node:fs';
import { type Cid, CODEC, cidFromDigest, digestOf } from '../../core/cid.ts';
import type { ContentProblem } from '../../core/ports/content-store.ts';
import {
  type DeadRegion,
  decodeMark,
  decodeRootList,
  type PackRegion,
} from '../packs/commit-mark.ts';
import { largeFileSizeOf } from '../packs/large-file-size-of.ts';
import type { PackFiles } from '../packs/pack-files.ts';
import { PACK_HEADER } from '../packs/pack-format.ts';
import type { IndexedBlock, PackIndex } from '../packs/pack-index.ts';
import { scanPack } from '../packs/scan-pack.ts';
import { sha256 } from '../sha256.ts';

const BLOCKS_PER_COMMIT = 4_096;

/** Something of a pack that could not be read. */
export interface UnreadableFrame extends PackRegion {
  readonly problem: ContentProblem;
}

/**
 * Adds to the index what it does not know of a pack: the blocks whose bytes match their CIDs, the
 * roots that marks name, and what marks give up. Returns what could not be read; a mark in a later
 * pack may still give that up.
 *
 * Durable when the promise resolves; after a crash it can go on where it was.
 */
export async function indexFrames(
  files: PackFiles,
  index: PackIndex,
  pack: { readonly id: number; readonly committed: number; readonly end: number },
): Promise<readonly UnreadableFrame[]> {
  const path = files.pathOf(pack.id);
  const directory = files.get(pack.id)?.directory.id ?? '';
  const damage: UnreadableFrame[] = [];
  const fileSizes = new Set<number>();
  let blocks: IndexedBlock[] = [];
  let lastList: { readonly cid: Cid; readonly roots: readonly Cid[] } | undefined;

  let roots: Cid[] = [];
  let dead: DeadRegion[] = [];

  async function commit(length: number): Promise<void> {
    const packs = [{ id: pack.id, directory, length }];
    await index.commit({ packs, blocks, roots, fileSizes, dead });
    blocks = [];
    roots = [];
    dead = [];
    fileSizes.clear();
  }

  function report({ start, end }: { readonly start: number; readonly end: number }, what: string) {
    const text = `${path} has ${what} at offset ${start}; restore it from a copy`;
    damage.push({
      pack: pack.id,
      start,
      end,
      problem: { code: 'home_corrupt', subject: path, text },
    });
  }

  const start = Math.max(pack.committed, PACK_HEADER.length);
  for await (const frame of scanPack(files.descriptor(pack.id), start, pack.end)) {
    if (frame.kind === 'garbage') report(frame, `${frame.end - frame.start} unreadable bytes`);
    else if (frame.kind === 'block' && !frame.isIntact) report(frame, 'a damaged block');
    else if (frame.kind === 'block') {
      const { codec, offset, bytes } = frame;
      const digest = Uint8Array.from(frame.digest);
      blocks.push({ digest, pack: pack.id, offset, length: bytes.length, codec });
      const fileSize = largeFileSizeOf(codec, bytes);
      if (fileSize !== undefined) fileSizes.add(fileSize);
      if (codec === CODEC.dagCbor) {
        lastList = { cid: cidFromDigest(codec, digest), roots: decodeRootList(bytes) };
      }
    } else {
      const mark = decodeMark(frame.payload);
      if (mark !== undefined && 'dead' in mark) {
        // What came before it may lie in what it gives up; what comes behind takes its place.
        await commit(frame.start);
        dead.push(mark.dead);
        continue;
      }
      const list = mark?.roots;
      const isAtHand = list !== undefined && list === lastList?.cid;
      if (list && !isAtHand) await commit(frame.end);
      const named = isAtHand ? lastList?.roots : list && readRootList(files, index, list);
      if (named) roots.push(...named);
      else if (list !== null) report(frame, 'a commit mark that cannot be read');
    }
    if (blocks.length >= BLOCKS_PER_COMMIT) await commit(frame.end);
  }
  await commit(pack.end);
  return damage;
}

/** Returns the roots in a list that an earlier commit had stored already. */
function readRootList(files: PackFiles, index: PackIndex, list: Cid): readonly Cid[] | undefined {
  const place = index.find(digestOf(list));
  if (place === undefined || files.get(place.pack) === undefined) return undefined;
  const bytes = Buffer.alloc(place.length);
  readSync(files.descriptor(place.pack), bytes, 0, place.length, place.offset);
  return Buffer.compare(sha256(bytes), digestOf(list)) === 0 ? decodeRootList(bytes) : undefined;
}
