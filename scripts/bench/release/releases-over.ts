import { join } from 'node:path';
import { verifySignature } from '../../../src/ledger/verify-signature.ts';
import { createReleases } from '../../../src/release/create-releases.ts';
import { openRevisionTables } from '../../../src/release/open-revision-tables.ts';
import type { ReleaseContent } from '../../../src/release/release-content.ts';

/** Returns releases over some content, and the tables of their revisions, with files in a folder. */
export function releasesOver(content: ReleaseContent, folder: string) {
  const parts = { content, scratch: folder };
  const revisionTables = openRevisionTables(join(folder, 'revision-tables'), parts);
  return {
    revisionTables,
    releases: createReleases({ ...parts, verifySignature, revisionTables }),
  };
}
