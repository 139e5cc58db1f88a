import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import { releasesNamed } from '../releasing/named-releases.ts';

/** A release by its CID, or by its name and version. */
export type NamedOrCid =
  | { readonly release: string }
  | { readonly name: string; readonly version: string };

/**
 * Returns the CIDs of releases that the ledger records, each once and in the order given.
 *
 * @throws {ArchiveError} `not_found`.
 */
export async function recordedReleases(
  wanted: readonly NamedOrCid[],
  parts: Pick<Archive, 'catalog' | 'releases'>,
): Promise<readonly Cid[]> {
  const found = new Set<Cid>();
  for (const one of wanted) {
    const known = 'name' in one ? await releasesNamed(one.name, parts) : parts.catalog.releases();
    const release = known.find((view) =>
      'name' in one
        ? 'version' in view && view.version === one.version
        : view.release === one.release,
    )?.release;
    if (release === undefined) {
      const called = 'name' in one ? `${one.name} ${one.version}` : one.release;
      throw new ArchiveError(
        'not_found',
        `no release ${JSON.stringify(called)} is recorded in this archive; "release list" shows them`,
      );
    }
    found.add(release);
  }
  return [...found];
}
