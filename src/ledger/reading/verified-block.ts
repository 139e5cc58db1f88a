import { type Cid, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';

/** Says whether the bytes are those the CID names. */
export function isBlock(cid: Cid, bytes: Uint8Array): boolean {
  return equalBytes(sha256(bytes), digestOf(cid));
}

/**
 * Returns the bytes of a ledger block that must be here, after hashing them.
 *
 * @throws {ArchiveError} `block_missing`, `block_corrupt`.
 */
export function verifiedBlock(store: LedgerStore, cid: Cid): Uint8Array {
  const bytes = store.block(cid);
  if (bytes === undefined) {
    throw new ArchiveError('block_missing', `block ${cid} of the ledger is not stored here`);
  }
  return checked(cid, bytes);
}

/** Returns the bytes if they are those the CID names. @throws {ArchiveError} `block_corrupt`. */
export function checked(cid: Cid, bytes: Uint8Array): Uint8Array {
  if (isBlock(cid, bytes)) return bytes;
  throw new ArchiveError(
    'block_corrupt',
    `the stored bytes of ${cid} are not those it names; run "ringfence verify" for the whole extent`,
  );
}
