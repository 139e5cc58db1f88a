import { type Cid, cidFromBytes } from '../../core/cid.ts';
import { type Charter, decodeCharter } from '../../core/entries/charter.ts';
import type { AcceptanceContext } from '../../core/entries/entry.ts';
import type { Governance } from '../../core/entries/governance/fold.ts';
import { addressOf, decodeManifest } from '../../core/entries/manifest.ts';
import { isAuthor } from '../../core/entries/standing.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { damaged } from '../damaged.ts';
import { verifySignature } from '../keys/verify-signature.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { verifiedBlock } from '../reading/verified-block.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { Position } from '../tables/stored-entry.ts';

/** Which archive this is and who may write in it: what follows from the address alone. */
export interface ArchiveIdentity {
  readonly address: string;
  readonly charterCid: Cid;
  readonly charter: Charter;
}

export function archiveIdentity(manifest: Cid, charterCid: Cid, charter: Charter): ArchiveIdentity {
  return { address: addressOf(manifest), charterCid, charter };
}

/**
 * Returns the archive that a ledger belongs to, from the stored manifest and charter, and the epoch of
 * this home's tree; undefined if none has been founded or joined in this file.
 *
 * @throws {ArchiveError} `home_corrupt` if they are damaged, `format_unknown` if they are newer.
 */
export function readIdentity(
  store: LedgerStore,
): { readonly identity: ArchiveIdentity; readonly epoch: Uint8Array } | undefined {
  const row = store.archive();
  if (row === undefined) return undefined;
  try {
    const manifest = cidFromBytes(row.manifest);
    const charterCid = decodeManifest(verifiedBlock(store, manifest)).charter;
    const charter = decodeCharter(verifiedBlock(store, charterCid));
    return { identity: archiveIdentity(manifest, charterCid, charter), epoch: row.epoch };
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'format_unknown') throw error;
    throw damaged(`its manifest or charter cannot be read (${error.message})`, error);
  }
}

/** Returns what accepting an entry must know, given where the entries of its past lie. */
export function acceptanceContext(
  { address, charter }: ArchiveIdentity,
  past: {
    readonly clockOf: (hash: EntryHash) => number | undefined;
    /** The state of the past of an entry over these parents. */
    readonly stateOver: (parents: readonly EntryHash[]) => Governance;
  },
): AcceptanceContext {
  const [founder] = charter.stewards;
  if (founder === undefined) throw new ArchiveError('internal', 'a charter without stewards');
  return {
    address,
    founder: founder.key,
    parentClock: past.clockOf,
    formatOver: (parents) => past.stateOver(parents).format,
    isMember: (author, parents) => isAuthor(author, past.stateOver(parents)),
    verify: verifySignature,
  };
}

/** Answers where the entries of a past lie, from the stored log, as far as `isThere` lets. */
export function storedPasts(
  { store, governing }: Pick<LedgerParts, 'store' | 'governing'>,
  isThere: (position: Position) => boolean = () => true,
): Parameters<typeof acceptanceContext>[1] {
  const find = (hash: EntryHash) => {
    const position = store.position(hash);
    return position !== undefined && isThere(position) ? position : undefined;
  };
  return {
    clockOf: (hash) => find(hash)?.clock,
    stateOver: (parents) =>
      governing.in(governing.pastOver(parents.flatMap((hash) => find(hash) ?? []))),
  };
}
