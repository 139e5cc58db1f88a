import { fromHex, toHex } from '../../core/hash.ts';
import type { DepositRecord } from '../../core/statements/record.ts';
import { hasOwnSum, withOwnSum, withoutOwnSum } from '../file/check-sums.ts';
import { CatalogDamagedError, parseStored, required } from '../file/damage.ts';

/** A deposit's record as the catalog keeps it: JSON with salts in hexadecimal, after its check sum. */
type Stored = Omit<DepositRecord, 'makers'> & {
  readonly makers: readonly { readonly name: string; readonly salt: string }[];
};

export function toRecordText(record: DepositRecord): string {
  const makers = record.makers.map(({ name, salt }) => ({ name, salt: toHex(salt) }));
  const stored: Stored = { ...record, makers };
  return withOwnSum(JSON.stringify(stored));
}

/**
 * Returns the record that {@link toRecordText} wrote.
 *
 * @throws {CatalogDamagedError} if the text has changed on disk.
 */
export function fromRecordText(text: string): DepositRecord {
  if (!hasOwnSum(text)) throw new CatalogDamagedError('a record is not what was stored');
  // The check sum says that this is what `toRecordText` wrote.
  const stored = parseStored(withoutOwnSum(text), 'a record') as Stored;
  const makers = stored.makers.map(({ name, salt }) => ({
    name,
    salt: required(fromHex(salt), 'the salt of a maker'),
  }));
  return { ...stored, makers };
}
