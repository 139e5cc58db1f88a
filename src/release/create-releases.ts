import type { Releases } from '../core/ports/release.ts';
import { exportRelease } from './export-release.ts';
import { readManifest } from './read-manifest.ts';
import type { ReleaseContent } from './release-content.ts';

/**
 * Returns releases over this content store. Large cuts sort their members in a file in `scratch`, a
 * folder that exists and stays the caller's; about 1 KB per asset, unlinked from the start.
 */
export function createReleases(parts: {
  readonly content: ReleaseContent;
  readonly scratch: string;
}): Releases {
  const { content } = parts;
  return {
    // What writes tables is loaded where one is written.
    cut: async (request, members, options) =>
      (await import('./cut-release.ts')).cutRelease(request, members, parts, options),
    manifest: async (release) => (await readManifest(release, content)).manifest,
    verify: async (release, options) =>
      (await import('./verify-release.ts')).verifyRelease(release, content, options),
    export: (release, folder, options) => exportRelease(release, folder, content, options),
  };
}
