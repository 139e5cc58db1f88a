import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Did } from '../../core/entries/did-key.ts';
import { acceptEntry } from '../../core/entries/entry.ts';
import { entryHashToBytes } from '../../core/entries/entry-hash.ts';
import { foldGovernance } from '../../core/entries/governance/fold.ts';
import { encodeManifest } from '../../core/entries/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import { EMPTY_FRONTIER, rootOf } from '../../core/merkle/tree.ts';
import type { Clock, RandomBytes } from '../../core/ports/environment.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { encodeBatch } from '../../core/statements/batch.ts';
import type { Block } from '../../core/statements/block.ts';
import { openDatabase } from '../../sqlite/open-database.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { originOf, ownCheckpoint } from '../checkpoints/own-checkpoint.ts';
import { timestamp } from '../checkpoints/timestamp.ts';
import { openOrCreateKey } from '../keys/home-key.ts';
import { Ancestry } from '../ruling/ancestry.ts';
import {
  type ArchiveIdentity,
  acceptanceContext,
  archiveIdentity,
} from '../ruling/archive-identity.ts';
import { sha256 } from '../sha256.ts';
import { LedgerStore } from '../tables/ledger-store.ts';
import { MIGRATIONS } from '../tables/schema.ts';
import { translatingDamage } from '../translate-damage.ts';
import { openOrbitLog } from '../writing/orbit-log.ts';
import { type AcceptedEntry, EntryWriter } from '../writing/write-entry.ts';
import { type FoundingTerms, foundingDocuments } from './founding-documents.ts';
import { prepareLedger } from './prepare-ledger.ts';

export interface FoundLedgerOptions extends FoundingTerms {
  /** The file `ledger.db`; its folder is made if it is missing. */
  readonly path: string;
  /** The home's private key; made if it is missing. */
  readonly keyPath: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export interface FoundedLedger {
  /** `/orbitdb/zdpu…` */
  readonly address: string;
  /** The home's key, the founding steward. */
  readonly did: Did;
  /** The founder's organisation id. */
  readonly organisation: string;
}

/**
 * Founds an archive: charter, address and the entry that everything builds on.
 *
 * When the promise resolves, all of it is on disk. A crash before leaves a home without an archive,
 * in which founding can be tried again; a key that is there by then is used.
 *
 * @throws {ArchiveError} `home_exists` if the file holds an archive already, `input_invalid` for
 * terms that no charter can hold, `home_corrupt` for an unusable key, `disk_full`.
 */
export async function foundLedger(options: FoundLedgerOptions): Promise<FoundedLedger> {
  const { path, clock, randomBytes } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  using db = translatingDamage(() =>
    openDatabase(path, { migrations: MIGRATIONS, pageSums: true }),
  );
  const store = translatingDamage(() => new LedgerStore(db));
  refuseSecond(path, store);
  const signer = await openOrCreateKey(options.keyPath);
  const organisation = toHex(randomBytes(16));
  const founder = { did: signer.did, organisation };
  const { charter, charterBlock, documents } = foundingDocuments(options, founder, randomBytes);
  const manifest = encodeManifest(charter.name, charterBlock.cid, sha256);
  const identity = archiveIdentity(manifest.cid, charterBlock.cid, charter);
  const epoch = randomBytes(16);
  const { accepted, batch } = await foundingEntry(identity, signer, epoch, timestamp(clock));
  transaction(db, () => {
    refuseSecond(path, store);
    const writer = new EntryWriter(store, new Ancestry(store));
    prepareLedger(store, writer, { manifest, charter: charterBlock, documents }, epoch);
    writer.block(batch.cid, batch.bytes);
    writer.entry(accepted);
  });
  return { address: identity.address, did: signer.did, organisation };
}

/** The entry without parents: the founder's checkpoint of an empty log. */
async function foundingEntry(
  identity: ArchiveIdentity,
  signer: Signer,
  epoch: Uint8Array,
  at: string,
): Promise<{ readonly accepted: AcceptedEntry; readonly batch: Block }> {
  const origin = originOf(identity.charterCid, signer, epoch);
  const root = rootOf(EMPTY_FRONTIER, sha256);
  const { statement } = ownCheckpoint({ origin, size: 0, root }, signer, at);
  const batch = encodeBatch([statement], sha256);
  const charterState = foldGovernance([], { ...identity, isInPast: () => false });
  const draft = await openOrbitLog({
    address: identity.address,
    signer,
    heads: () => [],
    entryBytes: () => undefined,
    accept: (bytes) =>
      acceptEntry(
        bytes,
        acceptanceContext(identity, { clockOf: () => undefined, stateOver: () => charterState }),
      ),
  });
  const { hash, bytes, entry } = await draft({ format: identity.charter.format, batch: batch.cid });
  const accepted = {
    cid: entryHashToBytes(hash),
    bytes,
    entry,
    statements: [statement],
    once: [],
    isOwnCheckpoint: true,
    missing: [],
    ruling: undefined,
  };
  return { accepted, batch };
}

function refuseSecond(path: string, store: LedgerStore): void {
  if (store.archive() === undefined) return;
  throw new ArchiveError(
    'home_exists',
    `${path} holds an archive already; choose another home for a new one`,
  );
}
