import type { X509Certificate } from 'node:crypto';
import { fromBER, type OctetString, type Sequence } from 'asn1js';
import {
  Certificate,
  ContentInfo,
  SignedData,
  type SignerInfo,
  TimeStampResp,
  TSTInfo,
} from 'pkijs';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import type { AgeProofs, ProvenAge } from '../../core/ports/age-proofs.ts';
import { anchorOf, certificateOf, nameOf } from './certificate-chain.ts';
import { refused } from './refused.ts';
import { refuseUnsigned } from './token-signature.ts';

/** RFC 3161 (tokens), RFC 5652 (CMS), RFC 5816 (ESSCertIDv2). */
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const SHA_256 = '2.16.840.1.101.3.4.2.1';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const MAX_TOKEN = 256 * 1024;

type About = Parameters<AgeProofs['readTimestamp']>[1];

/** See {@link AgeProofs.readTimestamp}. The day is that of `genTime` and its accuracy. */
export function readTimestamp(token: Uint8Array, about: About): ProvenAge {
  try {
    return judgeToken(token, about);
  } catch (cause) {
    if (cause instanceof ArchiveError) throw cause;
    // ASN.1 of another shape than the types of its reader say.
    throw refused('has parts that RFC 3161 does not know', cause);
  }
}

function judgeToken(token: Uint8Array, { digest, anchors, now }: About): ProvenAge {
  const { signed, content, info } = readToken(token);
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  if (hashAlgorithm.algorithmId !== SHA_256) {
    throw refused('is not about a sha-256; ask the authority for one that is');
  }
  if (!equalBytes(hashedMessage.valueBlock.valueHexView, digest)) {
    throw refused('is about other bytes than those of this asset');
  }
  const certificates = (signed.certificates ?? [])
    .filter((one) => one instanceof Certificate)
    .map((one) => ({ parsed: one, x509: certificateOf(new Uint8Array(one.toSchema().toBER())) }));
  const [signature, ...more] = signed.signerInfos;
  if (signature === undefined || more.length > 0) throw refused('must have exactly one signature');
  const signer = certificates.find(({ parsed }) => isOf(signature, parsed));
  if (signer === undefined) {
    throw refused('does not hold its signer’s certificate; ask for a token with certificates');
  }
  refuseUnsigned(signature, content, signer.x509);
  refuseOtherUse(signer.parsed, signer.x509);
  const others = certificates.map(({ x509 }) => x509);
  const anchor = anchorOf(signer.x509, others, anchors.map(certificateOf), info.genTime);
  const { seconds = 0, millis = 0 } = info.accuracy ?? {};
  const latest = info.genTime.getTime() + seconds * 1000 + millis;
  if (latest > now) throw refused(`names ${info.genTime.toISOString()}, which is yet to come`);
  return {
    existedBy: new Date(latest).toISOString().slice(0, 10),
    by: `${nameOf(signer.x509)} at ${info.genTime.toISOString()}, anchored in ${nameOf(anchor)} (${anchor.fingerprint256})`,
  };
}

function readToken(token: Uint8Array) {
  if (token.length > MAX_TOKEN) throw refused(`is larger than a token can be (${MAX_TOKEN} bytes)`);
  try {
    const { result, offset } = fromBER(token);
    if (offset !== token.length) throw new Error('bytes that are no ASN.1, or follow it');
    const isToken = (result as Sequence).valueBlock.value[0]?.idBlock.tagNumber === 6;
    const outer = isToken
      ? new ContentInfo({ schema: result })
      : new TimeStampResp({ schema: result }).timeStampToken;
    if (outer?.contentType !== SIGNED_DATA) throw new Error('no signed data');
    const signed = new SignedData({ schema: outer.content });
    const { eContentType, eContent } = signed.encapContentInfo;
    if (eContentType !== TST_INFO || eContent === undefined) throw new Error('no time in it');
    const content = new Uint8Array(eContent.getValue());
    const inner = fromBER(content);
    if (inner.offset !== content.length) throw new Error('a time that is no ASN.1');
    return { signed, content, info: new TSTInfo({ schema: inner.result }) };
  } catch (cause) {
    throw refused('is no granted reply or token of RFC 3161', cause);
  }
}

/** Whether a signature names a certificate, by issuer and serial number or by its key's identifier. */
function isOf({ sid }: SignerInfo, certificate: Certificate): boolean {
  if ('issuer' in sid && 'serialNumber' in sid) {
    return (
      sid.issuer.isEqual(certificate.issuer) && sid.serialNumber.isEqual(certificate.serialNumber)
    );
  }
  const { extensions = [] } = certificate;
  const key = extensions.find(({ extnID }) => extnID === '2.5.29.14')?.parsedValue as
    | OctetString
    | undefined;
  return key?.isEqual(sid) === true;
}

/** RFC 3161 §2.3: the one use of the certificate is time-stamping, and critical. */
function refuseOtherUse(certificate: Certificate, x509: X509Certificate): void {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  const uses = x509.keyUsage ?? [];
  if (usage?.critical && uses.length === 1 && uses[0] === TIME_STAMPING) return;
  throw refused(`is signed by ${nameOf(x509)}, whose certificate is not one for time stamps alone`);
}
