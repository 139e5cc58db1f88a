import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { appendOf } from '../deposits.ts';

/**
 * Appends until it is killed, and writes a line for each entry once it is acknowledged: its arrival
 * number and hash. Arguments: the ledger, the key.
 */
const [path = '', keyPath = ''] = process.argv.slice(2);
await using ledger = await openLedger({
  path,
  keyPath,
  clock: Date.now,
  randomBytes: (length) => Uint8Array.from(randomBytes(length)),
});
for (;;) {
  const from = ledger.size();
  const count = 1 + (from % 7) * 20;
  const append = appendOf(...Array.from({ length: count }, (_, i) => `asset ${from}-${i}`));
  ledger.salt('maker', `maker ${from}`);
  const { arrival, entry } = await ledger.append(append);
  writeSync(1, `${arrival} ${entry}\n`);
  if (from % 5 === 0) {
    const checkpoint = await ledger.checkpoint();
    writeSync(1, `${ledger.size() - 1} ${checkpoint.entry}\n`);
  }
}
