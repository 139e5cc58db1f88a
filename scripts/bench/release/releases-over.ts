import { join } from 'node:path';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { createReleases } from '../../../src/release/create-releases.ts';
import type { ReleaseContent } from '../../../src/release/release-content.ts';
import { openRevisionTables } from '../../../src/release/revisions/open-revision-tables.ts';

/** Returns releases over some content, and the tables of their revisions, with files in a folder. */
export function releasesOver(content: ReleaseContent, folder: string) {
  const parts = { content, scratch: folder };
  const revisionTables = openRevisionTables(join(folder, 'revision-tables'), parts);
  return {
    revisionTables,
    releases: createReleases({ ...parts, verifySignature, revisionTables }),
  };
}
