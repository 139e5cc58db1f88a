import { throwIfAborted } from '../core/abort.ts';
import type { BlockSource } from './block-source.ts';
import type { FileHolder, Filling } from './file-holder.ts';
import { type FileLeaves, leavesOf } from './file-leaves.ts';
import type { PartFile } from './part-file.ts';

/** What is asked for before it is written, of one file. */
const MOST_AHEAD = 32;
const MOST_AHEAD_BYTES = 4_194_304;

/** Returns the files of a release as it was cut, block by block. */
export function blockHolder(source: BlockSource, signal: AbortSignal): FileHolder {
  return {
    leaves: (file) => leavesOf(file, { getBlock: (cid) => source.get(cid, signal) }),
    fill: (part, file, filling) => fill(source, part, file, filling),
  };
}

async function fill(
  source: BlockSource,
  part: PartFile,
  { leaves }: FileLeaves,
  { signal, onBytes }: Filling,
): Promise<void> {
  const left = leavesFrom(leaves, part.offset);
  const asked: { readonly size: number; readonly bytes: Promise<Uint8Array> }[] = [];
  let [next, ahead] = [0, 0];
  while (!part.isWhole) {
    throwIfAborted(signal);
    for (; asked.length < MOST_AHEAD && ahead < MOST_AHEAD_BYTES; next += 1) {
      const leaf = left[next];
      if (leaf === undefined) break;
      const bytes = source.get(leaf.cid, signal);
      // Its turn comes, or the one before it has failed.
      bytes.catch(() => {});
      asked.push({ size: leaf.size, bytes });
      ahead += leaf.size;
    }
    const first = asked.shift();
    if (first === undefined) return;
    await part.take(await first.bytes);
    ahead -= first.size;
    onBytes(first.size);
  }
}

function leavesFrom(leaves: FileLeaves['leaves'], offset: number): FileLeaves['leaves'] {
  let start = 0;
  const first = leaves.findIndex(({ size }) => {
    if (start === offset) return true;
    start += size;
    return false;
  });
  return first < 0 ? [] : leaves.slice(first);
}
