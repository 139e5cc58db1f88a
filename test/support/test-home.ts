import { join } from 'node:path';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { type OpenLedgerOptions, openLedger } from '../../src/ledger/open-ledger.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { fixedClock, seededBytes } from './environs.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A home in a temporary folder, with a founded archive in it. */
export interface TestHome extends Disposable {
  readonly options: OpenLedgerOptions;
  /** Opens its ledger; the test disposes it before it opens it again. */
  open(): Promise<SqliteLedger>;
}

/** Returns a home whose archive `Prints` was founded by the `Museum`. */
export async function testHome(seed = 'home'): Promise<TestHome> {
  const folder = temporaryFolder();
  const options = {
    path: join(folder.path, 'ledger.db'),
    keyPath: join(folder.path, 'home.pem'),
    clock: fixedClock,
    randomBytes: seededBytes(seed),
  };
  await foundLedger({ ...options, name: 'Prints', institution: 'Museum' });
  return {
    options,
    open: () => openLedger(options),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
