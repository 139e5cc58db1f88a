import type { Cid } from '../cid.ts';

/** The withdrawal lists of this home's releases, each a file that never changes. */
export interface Revisions {
  /** Returns the lists of a release in their order. @throws {ArchiveError} `home_corrupt`. */
  list(release: Cid): Promise<readonly Uint8Array[]>;
  /** Adds the next one. Durable when the promise resolves. @throws {ArchiveError} `disk_full`. */
  append(release: Cid, bytes: Uint8Array): Promise<void>;
}
