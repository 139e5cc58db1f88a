import { X509Certificate } from 'node:crypto';
import { refused } from './refused.ts';

/** Certificates between a signer and an anchor. */
const MAX_DEPTH = 8;

/**
 * Returns the anchor to which a signer's certificate leads, through any of `others`. Every certificate
 * of the way, the anchor too, must have been valid at `at`, and whoever issued one be an authority.
 * Revocation, name constraints and policies are not looked at: the first needs a network.
 *
 * @throws {ArchiveError} `proof_invalid`.
 */
export function anchorOf(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  at: Date,
): X509Certificate {
  let current = signer;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    refuseOutside(current, at);
    const { raw } = current;
    const anchor = anchors.find((one) => one.raw.equals(raw) || hasIssued(one, current));
    if (anchor !== undefined) {
      refuseOutside(anchor, at);
      return anchor;
    }
    const issuer = others.find((one) => !one.raw.equals(raw) && hasIssued(one, current));
    if (issuer === undefined) break;
    current = issuer;
  }
  throw refused(
    `is signed by ${nameOf(signer)}, which leads to none of the given roots; give its root with --tsa-roots`,
  );
}

/** The subject of a certificate on one line. */
export function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ').slice(0, 256);
}

/** @throws {ArchiveError} `proof_invalid` for what is no certificate. */
export function certificateOf(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw refused('has a certificate that cannot be read', cause);
  }
}

function hasIssued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    // A key of a kind that cannot verify has issued nothing.
    return false;
  }
}

function refuseOutside(certificate: X509Certificate, at: Date): void {
  const { validFromDate, validToDate } = certificate;
  if (at >= validFromDate && at <= validToDate) return;
  throw refused(
    `names ${at.toISOString()}, when the certificate of ${nameOf(certificate)} was not valid`,
  );
}
