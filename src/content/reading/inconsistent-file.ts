import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';

/** Deeper than any tree of 1,024 links a node can be; a composed file adds its parts' depths. */
export const MAX_DEPTH = 32;

/** A block that is no file, or contradicts what links to it. */
export function inconsistentFile(cid: Cid, what: string): ArchiveError {
  return new ArchiveError('input_invalid', `the block ${cid} cannot be read as a file: ${what}`);
}

/** What a node deeper than {@link MAX_DEPTH} is refused with. */
export function tooDeep(cid: Cid): ArchiveError {
  return inconsistentFile(cid, `it lies more than ${MAX_DEPTH} levels deep`);
}

/** What a part is refused with that has another size than its parent says. */
export function otherSize(cid: Cid, size: number, said: number): ArchiveError {
  return inconsistentFile(cid, `it has ${size} bytes where its parent says ${said}`);
}
