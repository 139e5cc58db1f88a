import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCid } from '../../../src/core/cid.ts';
import {
  type NamedCredentialList,
  NO_CREDENTIAL_LIST,
} from '../../../src/core/policy/credential-list.ts';
import { EVIDENCE_FILES } from './public-files.ts';

const LIST_CID = 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

/** The list under which the public test files are trusted: the test roots of c2pa-rs. */
export function testCredentialList(): NamedCredentialList {
  const pem = readFileSync(
    join(EVIDENCE_FILES, 'c2pa-trust-anchors/test_cert_root_bundle.pem'),
    'utf8',
  );
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g);
  const signers = [...blocks].map(([, base64 = '']) => base64.replace(/\s/g, ''));
  return { cid: parseCid(LIST_CID), list: { ...NO_CREDENTIAL_LIST, signers } };
}

/** What SOURCES.tsv says of the credentials: the state without a trust list, and with the test roots. */
export const STATES: Readonly<Record<string, readonly [without: string, withRoots: string]>> = {
  'c2pa-valid-jpeg/adobe-20220124-C.jpg': ['valid', 'trusted'],
  'c2pa-valid-jpeg/adobe-20220124-CA.jpg': ['valid', 'trusted'],
  'c2pa-valid-jpeg/adobe-20220124-CI.jpg': ['valid', 'trusted'],
  'c2pa-valid-jpeg/adobe-20220124-CACA.jpg': ['valid', 'trusted'],
  'c2pa-tampered-jpeg/adobe-20220124-E-dat-CA.jpg': ['tampered', 'tampered'],
  'c2pa-tampered-jpeg/adobe-20220124-E-sig-CA.jpg': ['tampered', 'tampered'],
  'c2pa-tampered-jpeg/adobe-20220124-E-uri-CA.jpg': ['tampered', 'tampered'],
  'c2pa-tampered-jpeg/adobe-20220124-XCA.jpg': ['tampered', 'tampered'],
  'c2pa-none-jpeg/adobe-20220124-A.jpg': ['none', 'none'],
  'c2pa-expired/nikon-20221019-building.jpeg': ['unestablished', 'unestablished'],
  'c2pa-camera/truepic-20230212-camera.jpg': ['tampered', 'tampered'],
  'c2pa-pdf/adobe-20240110-single_manifest_store.pdf': ['valid', 'valid'],
  // Its own signer is listed, that of its ingredient is not.
  'c2pa-video/video1.mp4': ['valid', 'valid'],
  'c2pa-video/dashinit.mp4': ['tampered', 'tampered'],
  'c2pa-signed-by-format/sample1.png': ['valid', 'trusted'],
  'c2pa-signed-by-format/sample1.webp': ['valid', 'trusted'],
  'c2pa-signed-by-format/test.tiff': ['valid', 'trusted'],
  'c2pa-signed-by-format/sample1.avif': ['valid', 'trusted'],
  'c2pa-signed-by-format/sample1.svg': ['valid', 'trusted'],
  'c2pa-signed-by-format/sample1.wav': ['valid', 'trusted'],
  'c2pa-tampered-by-format/tampered-sample1.png': ['tampered', 'tampered'],
  'c2pa-tampered-by-format/tampered-sample1.webp': ['tampered', 'tampered'],
  'c2pa-tampered-by-format/tampered-no_manifest.jpg': ['tampered', 'tampered'],
  'c2pa-ai-generator/Firefly_tabby_cat.jpg': ['valid', 'valid'],
  'c2pa-ai-generator/amazon-titan-g1.png': ['valid', 'valid'],
  // The claim's signer is listed, the person's identity is by a signer who is not.
  'c2pa-training-mining/C_with_CAWG_data.jpg': ['valid', 'valid'],
  'c2pa-composite/ocsp.jpg': ['valid', 'valid'],
  'c2pa-remote-only/cloud.jpg': ['unresolvable', 'unresolvable'],
  'c2pa-sidecar/cloud_manifest.c2pa': ['unresolvable', 'unresolvable'],
  'c2pa-update/update_manifest.jpg': ['valid', 'trusted'],
  'malformed-container/no_alg.jpg': ['unreadable', 'unreadable'],
  'malformed-container/sample3.svg': ['unreadable', 'unreadable'],
};
