import { entryHashToBytes } from '../entries/entry-hash.ts';
import { openCheckpoint } from '../entries/note.ts';
import { ArchiveError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import { leafHash, verifyInclusion } from '../merkle/tree.ts';
import type { VerifySignature } from '../ports/keys.ts';
import { parseTlogProof } from '../witnessing/tlog-proof.ts';
import type { ReleaseManifest } from './manifest.ts';

/** Bytes that a proof may have: 63 hashes, and a note with the cosignatures of dozens. */
export const MAX_PROOF_BYTES = 65_536;

/**
 * Checks that a `release.tlog-proof` shows the ledger state of a release to be in the log of its curator,
 * by a checkpoint that the curator's key has signed.
 *
 * @throws {ArchiveError} `release_invalid`.
 */
export function checkStateProof(
  text: string,
  { state, curator }: Pick<ReleaseManifest, 'state' | 'curator'>,
  tools: { readonly verifySignature: VerifySignature; readonly sha256: Sha256 },
): void {
  const { verifySignature, sha256 } = tools;
  try {
    const { index, hashes, checkpoint } = parseTlogProof(text);
    const { size, root } = openCheckpoint(checkpoint, curator.did, verifySignature, sha256);
    const leaf = leafHash(entryHashToBytes(state), sha256);
    if (verifyInclusion(leaf, index, size, hashes, root, sha256)) return;
  } catch (cause) {
    if (!(cause instanceof ArchiveError)) throw cause;
    throw invalid(`cannot be read: ${cause.message}`, cause);
  }
  throw invalid(`does not show that ${state} is in the log of ${curator.did}`);
}

function invalid(what: string, cause?: ArchiveError): ArchiveError {
  return new ArchiveError('release_invalid', `release.tlog-proof ${what}`, { cause });
}
