import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { foundLedger } from '../../../src/ledger/founding/found-ledger.ts';

/** Founds an archive and writes its address. Arguments: the ledger, the key. */
const [path = '', keyPath = ''] = process.argv.slice(2);
writeSync(1, 'begins\n');
const { address } = await foundLedger({
  path,
  keyPath,
  name: 'Prints',
  clock: Date.now,
  randomBytes: (length) => Uint8Array.from(randomBytes(length)),
});
writeSync(1, `${address}\n`);
