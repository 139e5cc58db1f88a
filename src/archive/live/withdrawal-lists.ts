import type { Cid } from '../../core/cid.ts';
import { parseRevision, type Revision } from '../../core/dataset/revision.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { Archive } from '../archive.ts';

/** A withdrawal list as it was written, and what it says. */
export interface WithdrawalList {
  readonly bytes: Uint8Array;
  readonly says: Revision;
}

/**
 * Returns this home's withdrawal lists of a release, the first one first. Each is signed and names the one before.
 *
 * @throws {ArchiveError} `release_invalid`, `home_corrupt`.
 */
export async function withdrawalLists(
  release: Cid,
  { revisions, verifySignature, sha256 }: Pick<Archive, 'revisions' | 'verifySignature' | 'sha256'>,
): Promise<readonly WithdrawalList[]> {
  const lists = await revisions.list(release);
  return lists.map((bytes, index) => {
    const says = parseRevision(bytes, verifySignature);
    const before = lists[index - 1];
    const previous = before === undefined ? null : toHex(sha256(before));
    const isNext = says.revision === index + 1 && says.previous === previous;
    if (says.release !== release || !isNext) {
      throw new ArchiveError('home_corrupt', `list ${index + 1} of ${release} is of another`);
    }
    return { bytes, says };
  });
}

/** What one list says of one asset. */
export type ListedChange = Revision['entries'][number] & Pick<Revision, 'revision' | 'issued'>;

/** Returns what lists say, in their order. */
export function changesIn(lists: readonly WithdrawalList[]): readonly ListedChange[] {
  return lists.flatMap(({ says: { revision, issued, entries } }) =>
    entries.map((entry) => ({ ...entry, revision, issued })),
  );
}

/** Returns the assets that a revision is without. */
export function outAt(changes: readonly ListedChange[], revision: number): ReadonlySet<Cid> {
  const out = new Set<Cid>();
  for (const { asset, state, revision: since } of changes) {
    if (since > revision) break;
    if (state === 'reinstated') out.delete(asset);
    else out.add(asset);
  }
  return out;
}
