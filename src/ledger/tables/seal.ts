import type { SqlValue } from '../../sqlite/database.ts';
import { sha256 } from '../sha256.ts';

/**
 * Returns the digest over the values of a row. It lies beside rows that nothing else could show to be
 * damaged, because they do not follow from anything.
 */
export function sealOf(...values: readonly SqlValue[]): Uint8Array {
  const plain = values.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
  return sha256(Buffer.from(JSON.stringify(plain)));
}
