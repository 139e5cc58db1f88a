import { existsSync } from 'node:fs';
import { ArchiveError } from '../core/errors.ts';
import type { Clock, RandomBytes } from '../core/ports/environment.ts';
import type { Signer } from '../core/ports/keys.ts';
import type { Database } from '../sqlite/database.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { originOf } from './checkpoints/own-checkpoint.ts';
import { openHomeKey } from './keys/home-key.ts';
import { ledgerParts } from './ledger-parts.ts';
import { refuseDamagedLog } from './refuse-damaged-log.ts';
import { readIdentity } from './ruling/archive-identity.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { LedgerStore } from './tables/ledger-store.ts';
import { MIGRATIONS } from './tables/schema.ts';
import { translateDamage, translatingDamage } from './translate-damage.ts';

export interface OpenLedgerOptions {
  /** The file `ledger.db`. */
  readonly path: string;
  /** The home's private key. */
  readonly keyPath: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/**
 * Opens the ledger of a home; the caller disposes it. Everything appended before is there.
 *
 * @throws {ArchiveError} `home_missing` if no archive was founded in this file, `home_newer`,
 * `format_unknown`, `home_corrupt` if file or key are damaged or belong to different homes.
 */
export async function openLedger(options: OpenLedgerOptions): Promise<SqliteLedger> {
  const { path } = options;
  if (!existsSync(path)) throw missing(path);
  const signer = await openHomeKey(options.keyPath);
  refuseDamagedLog(path);
  const db = translatingDamage(() =>
    openDatabase(path, { migrations: MIGRATIONS, pageSums: true }),
  );
  try {
    const ledger = ledgerOn(db, signer, options);
    // A crash may have come between an erasure and what it hides.
    await ledger.decideErasures();
    return ledger;
  } catch (error) {
    db.close();
    throw translateDamage(error);
  }
}

/** Returns the ledger in an open database, which it then owns. @throws as {@link openLedger}. */
export function ledgerOn(
  db: Database,
  signer: Signer,
  environment: { readonly clock: Clock; readonly randomBytes: RandomBytes },
): SqliteLedger {
  const store = new LedgerStore(db);
  const read = readIdentity(store);
  if (read === undefined) throw missing(db.path);
  const { clock, randomBytes } = environment;
  const origin = originOf(read.identity.charterCid, signer, read.epoch);
  return new SqliteLedger(ledgerParts(store, read.identity, { did: signer.did, origin }), {
    signer,
    clock,
    randomBytes,
  });
}

function missing(path: string): ArchiveError {
  return new ArchiveError(
    'home_missing',
    `there is no archive in ${path}; found one with "ringfence init"`,
  );
}
