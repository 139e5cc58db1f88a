import type { Append } from '../../src/core/ports/ledger.ts';
import type { Block } from '../../src/core/statements/block.ts';
import { encodeRecord } from '../../src/core/statements/record.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { seededBytes } from './environs.ts';
import { assetCid, BODIES, hex } from './statement-bodies.ts';

export const AT = '2026-11-22T14:28:34Z';

/** Returns a record that says little; the same for the same title. */
export function noteOf(title: string): Block {
  return encodeRecord({ type: 'note', text: title }, seededBytes(title)(16), sha256);
}

/** Returns the deposit of an asset with its record; the same for the same name. */
export function depositOf(name: string): { statement: StatementOutline; record: Block } {
  const record = encodeRecord(
    {
      type: 'deposit',
      title: name,
      filename: `${name}.png`,
      makers: [{ name: `Maker of ${name}`, salt: seededBytes(name)(16) }],
      dateText: '',
      earliest: '',
      latest: '',
      source: '',
      notes: '',
      tags: [],
      language: 'en',
      catalogue: '',
    },
    seededBytes(`nonce ${name}`)(16),
    sha256,
  );
  const body = { ...BODIES.deposit, sha256: hex(name), record: record.cid };
  return { statement: createStatement('deposit', { asset: assetCid(name) }, AT, body), record };
}

/** Returns one append that deposits an asset of each name. */
export function appendOf(...names: readonly string[]): Append {
  const deposits = names.map(depositOf);
  return {
    statements: deposits.map((deposit) => deposit.statement),
    records: deposits.map((deposit) => deposit.record),
    documents: [],
  };
}
