import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import { ArchiveError } from '../core/errors.ts';
import type { ReleaseView } from '../core/ports/catalog.ts';
import type { Archive } from './archive.ts';

/** A recorded release with what it says of itself. */
export interface NamedRelease extends ReleaseView {
  readonly manifest: ReleaseManifest;
}

/**
 * Returns the recorded releases of a name, in order of first arrival, upper and lower case being alike.
 * The ledger holds no names, so the manifest of each is read; those whose bytes are not here, or not
 * sound, are left out.
 */
export async function releasesNamed(
  name: string,
  { catalog, releases }: Pick<Archive, 'catalog' | 'releases'>,
): Promise<readonly NamedRelease[]> {
  const found: NamedRelease[] = [];
  for (const view of catalog.releases()) {
    const manifest = await unlessUnreadable(releases.manifest(view.release));
    if (manifest?.name.toLowerCase() === name.toLowerCase()) found.push({ ...view, manifest });
  }
  return found;
}

/** Says whether a release cannot be read because its bytes are not here, or not sound. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof ArchiveError && UNREADABLE.includes(error.code);
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
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
