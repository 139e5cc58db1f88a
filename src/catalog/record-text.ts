import { fromHex, toHex } from '../core/hash.ts';
import type { DepositRecord } from '../core/statements/record.ts';
import { required } from './damage.ts';

/** A deposit's record as the catalog keeps it: JSON, salts in hexadecimal. */
type Stored = Omit<DepositRecord, 'makers'> & {
  readonly makers: readonly { readonly name: string; readonly salt: string }[];
};

export function toRecordText(record: DepositRecord): string {
  const makers = record.makers.map(({ name, salt }) => ({ name, salt: toHex(salt) }));
  const stored: Stored = { ...record, makers };
  return JSON.stringify(stored);
}

/** Returns the record that {@link toRecordText} wrote. */
export function fromRecordText(text: string): DepositRecord {
  // Only `toRecordText` writes this column, from a record that was read by its schema.
  const stored = JSON.parse(text) as Stored;
  const makers = stored.makers.map(({ name, salt }) => ({
    name,
    salt: required(fromHex(salt), 'the salt of a maker'),
  }));
  return { ...stored, makers };
}
