import { decodeJwt, importJWK, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose';
import { type Did, isDid, publicKeyOf } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Signer } from '../core/ports/keys.ts';

/** The longest that a token may live, and how far clocks may be apart. */
const LONGEST_S = 600;
const SKEW_S = 30;

/**
 * Returns a token that signs its bearer in at one node for ten minutes: a JWT (RFC 7519) with the
 * signature of a did:key (`EdDSA`), for the node whose key is `audience`.
 */
export function createToken(
  signer: Signer,
  terms: { readonly audience: Did; readonly now: number; readonly id: string },
): string {
  const iat = Math.floor(terms.now / 1000);
  const payload = {
    iss: signer.did,
    aud: terms.audience,
    iat,
    exp: iat + LONGEST_S,
    jti: terms.id,
  };
  const signed = [{ alg: 'EdDSA', typ: 'JWT' }, payload].map(encoded).join('.');
  return `${signed}.${Buffer.from(signer.sign(Buffer.from(signed))).toString('base64url')}`;
}

/**
 * Returns the key that signed a token, which is for this node and lives now.
 *
 * A token can be shown again until it ends: whoever has it is taken for its maker that long, and no
 * longer than the maker is a member. It is sent over loopback or TLS alone.
 *
 * @throws {ArchiveError} `sign_in_invalid`.
 */
export async function keyThatSigned(
  token: string,
  { audience, now }: { readonly audience: Did; readonly now: number },
): Promise<Did> {
  const issuer = issuerOf(token);
  const x = Buffer.from(publicKeyOf(issuer)).toString('base64url');
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
  const payload = await verified(token, key, new Date(now));
  const { aud, iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
  if (aud !== audience) throw invalid(`it is for another node; this one is ${audience}`);
  if (exp - iat > LONGEST_S) throw invalid(`it is to live for more than ${LONGEST_S} seconds`);
  return issuer;
}

function issuerOf(token: string): Did {
  let issuer: unknown;
  try {
    issuer = decodeJwt(token).iss;
  } catch (cause) {
    throw invalid('it is no JWT', cause);
  }
  if (!isDid(issuer)) throw invalid('its issuer is no Ed25519 did:key');
  return issuer;
}

async function verified(
  token: string,
  key: Parameters<typeof jwtVerify>[1],
  currentDate: Date,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti'],
      maxTokenAge: LONGEST_S,
      clockTolerance: SKEW_S,
      currentDate,
    });
    return payload;
  } catch (cause) {
    if (!(cause instanceof joseErrors.JOSEError)) throw cause;
    throw invalid(cause.message, cause);
  }
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function invalid(why: string, cause?: unknown): ArchiveError {
  const text = `this token does not sign in: ${why}; make one with "ringfence token"`;
  return new ArchiveError('sign_in_invalid', text, { cause });
}
