import { join } from 'node:path';
import { signManifest } from '../../src/core/dataset/manifest-signature.ts';
import { entryHashToBytes } from '../../src/core/entries/entry-hash.ts';
import { signCheckpoint } from '../../src/core/entries/note.ts';
import { leafHash } from '../../src/core/merkle/tree.ts';
import type { ReleaseSeal } from '../../src/core/ports/release.ts';
import { formatTlogProof } from '../../src/core/witnessing/tlog-proof.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { createReleases } from '../../src/release/create-releases.ts';
import type { ReleaseContent } from '../../src/release/release-content.ts';
import { openRevisionTables } from '../../src/release/revisions/open-revision-tables.ts';
import { signerOf } from './keys.ts';
import { sha256 } from './memory-content.ts';
import { releaseRequest } from './release-members.ts';

/** What a curator vouches with, whose log holds the state of {@link releaseRequest} and nothing else. */
export function releaseSeal(curator = 'curator', state = releaseRequest.state): ReleaseSeal {
  const signer = signerOf(curator);
  const root = leafHash(entryHashToBytes(state), sha256);
  const checkpoint = signCheckpoint({ origin: 'log', size: 1, root }, signer, sha256);
  return {
    created: '2026-11-23T08:00:00Z',
    curator: {
      did: signer.did,
      organisation: '0'.repeat(32),
      archive: 'House of Drawings',
      address: '/orbitdb/zdpuExample',
    },
    previous: null,
    url: '',
    proof: formatTlogProof({ index: 0, hashes: [], checkpoint }),
    sign: (manifest) => signManifest(manifest, signer),
  };
}

/** Returns releases over some content; those that sort many members need a folder. */
export function releasesOver(content: ReleaseContent, scratch = '') {
  const revisionTables = openRevisionTables(join(scratch, 'revision-tables'), { content, scratch });
  return createReleases({ content, scratch, verifySignature, revisionTables });
}
