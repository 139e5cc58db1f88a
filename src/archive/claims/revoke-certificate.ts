import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import { type CertificateRequest, type Certified, certifications, certify } from './certify.ts';
import { subjectOfAll } from './subject.ts';

export type RevocationRequest = Omit<CertificateRequest, 'subject' | 'outcome'>;

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/**
 * Records that the issuer has revoked a certificate, for every asset of which anybody has said that its
 * number was confirmed: it counts for none of them any more (evidence class T). No later confirmation of
 * it is recorded here ({@link certify}). Nobody is called. Durable, and decided, when it resolves.
 *
 * @throws {ArchiveError} `not_found` if nothing here rests on that number of that issuer;
 * `usage_invalid` for an empty snapshot or one over 700,000 bytes; `statement_rejected`.
 */
export async function revokeCertificate(
  request: RevocationRequest,
  archive: Parts,
): Promise<Certified> {
  const assets = await certifiedAssets(request, archive);
  if (assets.size === 0) {
    throw new ArchiveError(
      'not_found',
      `no asset here has certificate ${request.number} of ${request.issuer}; look at both, letter by letter`,
    );
  }
  const subject = subjectOfAll(assets, archive.sha256);
  return certify({ ...request, subject, outcome: 'revoked' }, archive);
}

async function certifiedAssets(
  { issuer, number }: RevocationRequest,
  { ledger, catalog }: Parts,
): Promise<ReadonlySet<Cid>> {
  const assets = new Set<Cid>();
  for await (const { about, body } of certifications({ issuer, number }, catalog)) {
    if (about === null || body.outcome !== 'confirmed') continue;
    const members = 'asset' in about ? [about.asset] : await ledger.setMembers(about.set);
    for (const asset of members) assets.add(asset);
  }
  return assets;
}
