import type { Cid } from '../cid.ts';

/** The withdrawal lists of this home's releases, each a file that never changes. */
export interface Revisions {
  /** Returns the lists of a release in their order. @throws {ArchiveError} `home_corrupt`. */
  list(release: Cid): Promise<readonly Uint8Array[]>;
  /**
   * Writes the list of a revision, counted from 1. Durable when the promise resolves; after a failure it may
   * be there all the same, and the next try replaces it.
   *
   * @throws {ArchiveError} `disk_full`.
   */
  append(release: Cid, revision: number, bytes: Uint8Array): Promise<void>;
}
