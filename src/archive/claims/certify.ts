import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Statement } from '../../core/statements/statement.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { type Stated, stateAbout } from '../state-about.ts';
import { keptBytes } from '../taking/kept-bytes.ts';
import type { Subject } from './subject.ts';

export interface CertificateRequest
  extends Pick<BodyOf<'certification'>, 'issuer' | 'number' | 'outcome'> {
  readonly subject: Subject;
  /** When the issuer was asked; now where it is missing. */
  readonly checkedAt?: string | undefined;
  /** The issuer's page or answer as it was. */
  readonly snapshot: Uint8Array;
}

/** What was recorded. */
export interface Certified extends Omit<Stated, 'id'> {
  /** Digest of the snapshot, sha-256. */
  readonly snapshot: string;
}

/**
 * Records that this home has checked a certificate's number at its issuer (evidence class T), with the
 * issuer's answer in a record, where it can be erased. Nobody is called. Durable when it resolves.
 *
 * @throws {ArchiveError} `usage_invalid` for an empty snapshot or one over 700,000 bytes; `statement_rejected` to
 * confirm a number of which anybody has said that its issuer has revoked it, for whatever asset.
 */
export async function certify(
  { subject, snapshot, checkedAt, ...said }: CertificateRequest,
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<Certified> {
  if (said.outcome === 'confirmed') await refuseRevoked(said, archive);
  const digest = toHex(archive.sha256(snapshot));
  const body = {
    ...said,
    checkedAt: checkedAt ?? timestampOf(archive.clock),
    snapshot: digest,
  };
  const saying = {
    subject,
    record: { type: 'finding' as const, raw: keptBytes('certificate', snapshot) },
  };
  const { entry, assets } = await stateAbout(
    'certification',
    (record) => ({ ...body, record }),
    saying,
    archive,
  );
  return { entry, assets, snapshot: digest };
}

/** Yields what stands about one number of one issuer; others get their turn meanwhile. */
export async function* certifications(
  { issuer, number }: Pick<CertificateRequest, 'issuer' | 'number'>,
  catalog: Pick<Archive['catalog'], 'said'>,
): AsyncGenerator<Statement<'certification'>> {
  const takeTurn = takeTurns();
  for (const { statement } of catalog.said('certification')) {
    await takeTurn();
    if (statement.kind !== 'certification') continue;
    const { body } = statement;
    if (body.issuer === issuer && body.number === number) yield statement;
  }
}

async function refuseRevoked(
  named: Pick<CertificateRequest, 'issuer' | 'number'>,
  { catalog }: Pick<Archive, 'catalog'>,
): Promise<void> {
  for await (const { body } of certifications(named, catalog)) {
    if (body.outcome !== 'revoked') continue;
    const { issuer, number } = named;
    throw new ArchiveError(
      'statement_rejected',
      `certificate ${number} of ${issuer} was revoked, as its issuer said on ${body.checkedAt}; it shows nothing any more`,
    );
  }
}
