import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseName } from '../../core/ports/release.ts';
import type { ReleaseView } from '../../core/ports/release-candidates.ts';
import type { Archive } from '../archive.ts';

/** A recorded release with the name that it gives itself. */
export interface NamedRelease extends ReleaseView, ReleaseName {}

/**
 * Returns the recorded releases of a name, in order of first arrival. The ledger holds no names, so the
 * manifest of each is read once; those whose bytes are not here, or not sound, are left out.
 */
export async function releasesNamed(
  name: string,
  { catalog, releases }: Pick<Archive, 'catalog' | 'releases'>,
): Promise<readonly NamedRelease[]> {
  const found: NamedRelease[] = [];
  for (const view of catalog.releases()) {
    const told = await unlessUnreadable(releases.nameOf(view.release));
    if (told !== undefined && isNamed(told, name)) found.push({ ...view, ...told });
  }
  return found;
}

/** Says whether a release has this name, upper and lower case being alike. */
export function isNamed(told: ReleaseName, name: string): boolean {
  return told.name.toLowerCase() === name.toLowerCase();
}

const UNREADABLE: readonly string[] = [
  'block_missing',
  'block_corrupt',
  'input_invalid',
  'release_invalid',
];

/** Returns undefined where a release is not here, or not sound. */
export async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ArchiveError && UNREADABLE.includes(error.code)) return undefined;
    throw error;
  }
}
