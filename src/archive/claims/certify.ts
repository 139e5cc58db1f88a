import { toHex } from '../../core/hash.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { keptBytes } from '../kept-bytes.ts';
import { timestampOf } from '../now.ts';
import type { Subject } from './subject.ts';

export interface CertificateRequest
  extends Pick<BodyOf<'certification'>, 'issuer' | 'number' | 'outcome'> {
  readonly subject: Subject;
  /** When the issuer was asked; now where it is missing. */
  readonly checkedAt?: string | undefined;
  /** The issuer's page or answer as it was. */
  readonly snapshot: Uint8Array;
}

/**
 * Records that this home has checked a certificate's number at its issuer (evidence class T), with the
 * issuer's answer in a record, where it can be erased. Nobody is called. Durable when it resolves.
 *
 * @throws {ArchiveError} `usage_invalid` for an empty snapshot or one over 700,000 bytes.
 */
export async function certify(
  { subject, snapshot, checkedAt, ...said }: CertificateRequest,
  {
    ledger,
    catalog,
    clock,
    randomBytes,
    sha256,
  }: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<{ readonly entry: string; readonly snapshot: string }> {
  const raw = keptBytes('certificate', snapshot);
  const record = encodeRecord({ type: 'finding', raw }, randomBytes(16), sha256);
  const at = timestampOf(clock);
  const digest = toHex(sha256(snapshot));
  const statement = createStatement('certification', subject.about, at, {
    ...said,
    checkedAt: checkedAt ?? at,
    snapshot: digest,
    record: record.cid,
  });
  const { documents } = subject;
  const { entry } = await ledger.append({ statements: [statement], records: [record], documents });
  await catalog.catchUp();
  return { entry, snapshot: digest };
}
