import type { Releases } from '../core/ports/release.ts';
import { cutRelease } from './cut-release.ts';
import { exportRelease } from './export-release.ts';
import { readManifest } from './read-manifest.ts';
import type { ReleaseContent } from './release-content.ts';
import { verifyRelease } from './verify-release.ts';

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
    cut: (request, members, options) => cutRelease(request, members, parts, options),
    manifest: async (release) => (await readManifest(release, content)).manifest,
    verify: (release, options) => verifyRelease(release, content, options),
    export: (release, folder, options) => exportRelease(release, folder, content, options),
  };
}
