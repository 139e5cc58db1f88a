import { createHash, verify, type X509Certificate } from 'node:crypto';
import type { ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import type { SignerInfo } from 'pkijs';
import { refused } from './refused.ts';

const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
/** Signatures by RSA (PKCS #1) and by elliptic curves; each takes the hash of the signature. */
const SIGNATURES = /^(1\.2\.840\.113549\.1\.1\.(1|11|12|13)|1\.2\.840\.10045\.4\.3\.[234])$/;
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/**
 * Returns if a signature holds: its attributes name the content and the signer's certificate, and the
 * signer's key has signed them (RFC 5652 §5.4, RFC 3161 §2.4.2).
 *
 * @throws {ArchiveError} `proof_invalid`.
 */
export function refuseUnsigned(
  info: SignerInfo,
  content: Uint8Array,
  signer: X509Certificate,
): void {
  const hash = HASHES[info.digestAlgorithm.algorithmId];
  const { algorithmId } = info.signatureAlgorithm;
  if (hash === undefined || hash === 'sha1' || !SIGNATURES.test(algorithmId)) {
    throw refused(`is signed by a method that is not accepted (${algorithmId})`);
  }
  const attribute = (type: string) => {
    const found = info.signedAttrs?.attributes.filter((one) => one.type === type) ?? [];
    return found.length === 1 ? found[0]?.values[0] : undefined;
  };
  const type = attribute(CONTENT_TYPE) as ObjectIdentifier | undefined;
  const digest = attribute(MESSAGE_DIGEST) as OctetString | undefined;
  const isWhole =
    type?.valueBlock.toString() === TST_INFO &&
    digest !== undefined &&
    createHash(hash).update(content).digest().equals(digest.valueBlock.valueHexView);
  if (!isWhole || info.signedAttrs === undefined) {
    throw refused('was changed after it was signed');
  }
  const named =
    certificateDigest(attribute(SIGNING_CERTIFICATE_V2) as Sequence | undefined, 'sha256') ??
    certificateDigest(attribute(SIGNING_CERTIFICATE) as Sequence | undefined, 'sha1');
  if (named === undefined || !isDigestOf(named, signer)) {
    throw refused('does not name the certificate that it is signed with');
  }
  const signed = new Uint8Array(info.signedAttrs.encodedValue);
  if (!isSignedBy(signer, hash, signed, info.signature.valueBlock.valueHexView)) {
    throw refused('has a signature that does not hold');
  }
}

interface NamedDigest {
  readonly hash: string;
  readonly digest: Uint8Array;
}

/** The first of the certificates that a SigningCertificate names is the signer's. */
function certificateDigest(value: Sequence | undefined, usual: string): NamedDigest | undefined {
  const [list] = value?.valueBlock.value ?? [];
  const [first] = (list as Sequence | undefined)?.valueBlock.value ?? [];
  const [one, two] = (first as Sequence | undefined)?.valueBlock.value ?? [];
  if (one === undefined) return undefined;
  if (one.idBlock.tagNumber === 4) {
    return { hash: usual, digest: (one as OctetString).valueBlock.valueHexView };
  }
  const [oid] = (one as Sequence).valueBlock.value;
  const hash = HASHES[(oid as ObjectIdentifier).valueBlock.toString()];
  if (hash === undefined || two === undefined) return undefined;
  return { hash, digest: (two as OctetString).valueBlock.valueHexView };
}

function isDigestOf({ hash, digest }: NamedDigest, { raw }: X509Certificate): boolean {
  return createHash(hash).update(raw).digest().equals(digest);
}

function isSignedBy(
  { publicKey }: X509Certificate,
  hash: string,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, signed, publicKey, signature);
  } catch {
    // A key of another kind than the signature says.
    return false;
  }
}
