import { z } from 'zod';
import { type Cid, isCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseContent } from '../release-content.ts';
import { leavesOf } from '../tables/erase-words.ts';

/** A line of a file of words, without its end. */
export interface WordLine {
  readonly asset: Cid;
  readonly text: string;
}

/** A line longer than this is none of ours: titles, names and sources are some hundred bytes. */
const MOST_LINE_BYTES = 2 ** 24;

const NEWLINE = 0x0a;

/**
 * Yields the lines of a stored `ATTRIBUTION.txt` or `descriptions.jsonl` that are left after erasures. Lines
 * of which nobody can tell the asset are left out.
 *
 * @throws {ArchiveError} `release_invalid` for lines without end, `block_corrupt`.
 */
export async function* wordLines(
  cid: Cid | undefined,
  assetOf: (line: string) => string,
  content: Pick<ReleaseContent, 'getBlock'>,
): AsyncGenerator<readonly WordLine[]> {
  let carry = Buffer.alloc(0);
  for await (const { bytes } of leavesOf(cid, content)) {
    // What an erased block began or ended is no line.
    const all = bytes === undefined ? Buffer.alloc(0) : Buffer.concat([carry, bytes]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    carry = all.subarray(end);
    if (carry.length > MOST_LINE_BYTES) {
      throw new ArchiveError('release_invalid', `${cid} has a line that is too long`);
    }
    const texts = all.toString('utf8', 0, end).split('\n').slice(0, -1);
    yield texts.flatMap((text) => {
      const asset = assetOf(text);
      return isCid(asset) ? [{ asset, text }] : [];
    });
  }
}

/** Returns the asset that a line of `ATTRIBUTION.txt` is about. */
export function attributedBy(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

const description = z.object({ key: z.string(), creator: z.string() });

/** Returns what a line of `descriptions.jsonl` says of its asset; undefined for what is no such line. */
export function describedBy(line: string): z.output<typeof description> | undefined {
  try {
    return description.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
