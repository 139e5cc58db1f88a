import { toBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordData } from '../../core/statements/record.ts';

/** Bytes are kept in one record, as Base64 in parts of so many letters. */
const PART = 200_000;
const MAX_BYTES = 700_000;

type Raw = Extract<RecordData, { type: 'finding' }>['raw'];

/**
 * Returns the texts of a record that keeps bytes where they can be erased.
 *
 * @throws {ArchiveError} `usage_invalid` for no bytes, or more than 700,000.
 */
export function keptBytes(inspector: string, bytes: Uint8Array): Raw {
  if (bytes.length === 0 || bytes.length > MAX_BYTES) {
    throw new ArchiveError(
      'usage_invalid',
      `a ${inspector} has 1 to ${MAX_BYTES} bytes, not ${bytes.length}; keep the part that shows it`,
    );
  }
  const parts = toBase64(bytes).match(new RegExp(`.{1,${PART}}`, 'g')) ?? [];
  return parts.map((text, place) => ({
    inspector,
    where: `base64 ${place + 1} of ${parts.length}`,
    text,
    truncated: false,
  }));
}
