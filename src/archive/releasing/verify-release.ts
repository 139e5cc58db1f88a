import type { Cid } from '../../core/cid.ts';
import type { ReleaseOptions, ReleaseReport, RemovedSample } from '../../core/ports/release.ts';
import type { Archive } from '../archive.ts';
import { type Tombstone, tombstones } from '../removing/tombstones.ts';

/** A hole in a release, with why it is there. */
export type Hole = RemovedSample & Omit<Tombstone, 'isDue'>;

/**
 * Recomputes everything a release claims, as far as the bytes may be here: what was removed is told to `onHole`
 * and is no problem, if it is gone. What is gone without a confirmed removal is a problem.
 *
 * @throws {ArchiveError} `aborted`.
 */
export async function verifyRelease(
  release: Cid,
  onHole: (hole: Hole) => void | Promise<void>,
  archive: Pick<Archive, 'releases' | 'ledger' | 'catalog' | 'clock'>,
  options: ReleaseOptions = {},
): Promise<ReleaseReport> {
  const due = new Map((await tombstones(archive)).entries().filter(([, { isDue }]) => isDue));
  return archive.releases.verify(release, {
    ...options,
    removed: new Set(due.keys()),
    async onRemoved(sample) {
      const tombstone = due.get(sample.asset);
      if (tombstone === undefined) return;
      const { isDue: _isDue, ...told } = tombstone;
      await onHole({ ...sample, ...told });
    },
  });
}
