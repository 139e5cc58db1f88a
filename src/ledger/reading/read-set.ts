import { setImmediate } from 'node:timers/promises';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { decodeSetRoot, SetReader } from '../../core/statements/set.ts';
import { sha256 } from '../sha256.ts';

/** Members read before others get a turn; takes some milliseconds, as does taking a page apart. */
const PAUSE_EVERY = 512;

/**
 * Yields the members of a set in order, and ends only if pages, order, count and root agree. Gives
 * other work a turn now and then; what was yielded before it throws is not to be used.
 *
 * @throws {ArchiveError} `input_invalid` naming what does not agree, and what `block` throws.
 */
export async function* readSetMembers(
  set: Cid,
  block: (cid: Cid) => Uint8Array,
): AsyncGenerator<Cid, void> {
  const root = decodeSetRoot(block(set));
  const reader = new SetReader(root, sha256);
  let count = 0;
  for (const page of root.pages) {
    await setImmediate();
    for (const member of reader.page(block(page))) {
      yield member;
      count += 1;
      if (count % PAUSE_EVERY === 0) await setImmediate();
    }
  }
  reader.end();
}

/** Returns how many members a set has, 0 if it is broken; what `block` throws is thrown on. */
export async function countSetMembers(set: Cid, block: (cid: Cid) => Uint8Array): Promise<number> {
  let count = 0;
  try {
    for await (const _member of readSetMembers(set, block)) count += 1;
    return count;
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'input_invalid') return 0;
    throw error;
  }
}
