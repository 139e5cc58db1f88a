import { createHash } from 'node:crypto';
import type { Cid } from '../../core/cid.ts';
import { WORDS } from '../../core/dataset/release-files.ts';
import type { ReleaseFile } from '../read-manifest.ts';
import type { ReleaseContent } from '../release-content.ts';
import { leavesOf } from './erase-words.ts';

/**
 * Returns size and digest of a file of words as it is after erasures: the lines that are left. Undefined
 * for other files, and where nothing was erased.
 */
export async function wordsLeft(
  { name, cid, size }: ReleaseFile,
  content: Pick<ReleaseContent, 'getBlock'>,
): Promise<Pick<ReleaseFile, 'size' | 'sha256'> | undefined> {
  if (!WORDS.includes(name)) return undefined;
  const sum = createHash('sha256');
  let left = 0;
  for await (const bytes of linesLeft(cid, content)) {
    sum.update(bytes);
    left += bytes.length;
  }
  return left === size ? undefined : { size: left, sha256: sum.digest('hex') };
}

/** Yields the lines that are left, some at a time. */
export async function* linesLeft(
  cid: Cid,
  content: Pick<ReleaseContent, 'getBlock'>,
): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of leavesOf(cid, content)) if (bytes !== undefined) yield bytes;
}
