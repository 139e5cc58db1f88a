import { fromBase64, toBase64 } from '../base64.ts';
import { type Did, isDid } from '../entries/did-key.ts';
import { ArchiveError } from '../errors.ts';
import { concatBytes } from '../hash.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';

/** Bytes that a signature may have: a header, two dots, 64 bytes in base64url. */
export const MAX_SIGNATURE_BYTES = 1024;

const encoder = new TextEncoder();

/**
 * Returns the text of `release.sig`: a JWS (RFC 7515, `EdDSA` of RFC 8037) in compact form over the bytes
 * of `release.json` as they are (`b64` of RFC 7797), which stand in the file beside it and not in the JWS.
 * `kid` is the signer's did:key.
 */
export function signManifest(manifest: Uint8Array, signer: Signer): string {
  const head = encoded(encoder.encode(headerOf(signer.did)));
  const signature = signer.sign(signedBytes(head, manifest));
  return `${head}..${encoded(signature)}\n`;
}

/**
 * Returns the key whose signature over a `release.json` this is.
 *
 * @throws {ArchiveError} `release_invalid` if it is nobody's signature over these bytes.
 */
export function manifestSigner(
  manifest: Uint8Array,
  signature: string,
  verify: VerifySignature,
): Did {
  const [, head = '', text = ''] = /^([\w-]+)\.\.([\w-]{86})\n$/.exec(signature) ?? [];
  const did = didIn(head);
  const bytes = decoded(text);
  if (did === undefined || bytes === undefined) throw invalid('is no signature of a did:key');
  if (!verify(did, signedBytes(head, manifest), bytes)) {
    throw invalid(`is not a signature of ${did} over release.json`);
  }
  return did;
}

/** A header that says anything else than ours is not understood, and so not trusted. */
function didIn(head: string): Did | undefined {
  const bytes = decoded(head);
  const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
  const did = /"kid":"([^"]+)"/.exec(text)?.[1];
  return did !== undefined && isDid(did) && text === headerOf(did) ? did : undefined;
}

function headerOf(did: Did): string {
  return JSON.stringify({ alg: 'EdDSA', b64: false, crit: ['b64'], kid: did });
}

function signedBytes(head: string, manifest: Uint8Array): Uint8Array {
  return concatBytes(encoder.encode(`${head}.`), manifest);
}

/** Base64url without padding (RFC 4648 §5). */
function encoded(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function decoded(text: string): Uint8Array | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(plain + '='.repeat((4 - (plain.length % 4)) % 4));
}

function invalid(what: string): ArchiveError {
  return new ArchiveError('release_invalid', `release.sig ${what}`);
}
