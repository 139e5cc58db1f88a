import {
  decodeJwt,
  importJWK,
  type JWTPayload,
  type JWTVerifyResult,
  errors as joseErrors,
  jwtVerify,
} from 'jose';
import { type Did, isDid, publicKeyOf } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Signer } from '../../core/ports/keys.ts';

/** How far clocks may be apart. */
const SKEW_S = 30;

/** What a JWT is for: one for another purpose is refused, whoever signed it. */
export interface TokenKind {
  /** The `typ` of its header. */
  readonly type: string;
  /** Whether a token without `typ` is one, as libraries of JWTs make them. */
  readonly isUntyped: boolean;
  /** The longest that it may live. */
  readonly longestS: number;
  /** What makes another. */
  readonly maker: string;
}

/** Signs its bearer in. */
export const SIGN_IN: TokenKind = {
  type: 'JWT',
  isUntyped: true,
  longestS: 600,
  maker: 'ringfence token',
};

export interface TokenTerms {
  /** The key of the node that it is for. */
  readonly audience: Did;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly id: string;
}

/** Returns a token that signs its bearer in at one node for ten minutes. */
export function createToken(signer: Signer, terms: TokenTerms): string {
  return signedToken(SIGN_IN, signer, { ...terms, lifeS: SIGN_IN.longestS });
}

/** Returns a JWT (RFC 7519) with the signature of a did:key (`EdDSA`), and further claims. */
export function signedToken(
  { type }: TokenKind,
  signer: Signer,
  { audience, now, id, lifeS }: TokenTerms & { readonly lifeS: number },
  claims: Readonly<Record<string, string>> = {},
): string {
  const iat = Math.floor(now / 1000);
  const payload = { iss: signer.did, aud: audience, iat, exp: iat + lifeS, jti: id, ...claims };
  const signed = [{ alg: 'EdDSA', typ: type }, payload].map(encoded).join('.');
  return `${signed}.${Buffer.from(signer.sign(Buffer.from(signed))).toString('base64url')}`;
}

/** Where a token is shown, and when. */
export interface Showing {
  readonly audience: Did;
  readonly now: number;
}

/**
 * Returns the key that signed a token, and its claims: it is of this kind, for this node, and lives now.
 *
 * A token can be shown again until it ends: whoever has it is taken for its maker that long, and no
 * longer than the maker is a member. It is sent over loopback or TLS alone.
 *
 * @throws {ArchiveError} `sign_in_invalid`.
 */
export async function readToken(
  kind: TokenKind,
  token: string,
  { audience, now }: Showing,
): Promise<{ readonly key: Did; readonly claims: JWTPayload }> {
  const refuse = (why: string, cause?: unknown) => {
    const text = `this token does not sign in: ${why}; make one with "${kind.maker}"`;
    return new ArchiveError('sign_in_invalid', text, { cause });
  };
  let issuer: unknown;
  let verified: JWTVerifyResult;
  try {
    issuer = decodeJwt(token).iss;
    if (!isDid(issuer)) throw refuse('its issuer is no Ed25519 did:key');
    verified = await jwtVerify(token, await publicJwk(issuer), {
      algorithms: ['EdDSA'],
      requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti'],
      maxTokenAge: kind.longestS,
      clockTolerance: SKEW_S,
      currentDate: new Date(now),
    });
  } catch (cause) {
    if (!(cause instanceof joseErrors.JOSEError)) throw cause;
    throw refuse(cause.message, cause);
  }
  const { protectedHeader, payload } = verified;
  const { aud, iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
  const isOfKind = kind.isUntyped && protectedHeader.typ === undefined;
  if (!isOfKind && protectedHeader.typ !== kind.type) throw refuse(`its type is not ${kind.type}`);
  if (aud !== audience) throw refuse(`it is for another node; this one is ${audience}`);
  if (exp - iat > kind.longestS) throw refuse(`it is to live for more than ${kind.longestS} s`);
  return { key: issuer, claims: payload };
}

/** Keys that were brought into the form in which signatures are checked: those who ask ask often. */
const imported = new Map<Did, ReturnType<typeof importJWK>>();
const MOST_IMPORTED = 256;

function publicJwk(key: Did): ReturnType<typeof importJWK> {
  const known = imported.get(key);
  if (known !== undefined) return known;
  const x = Buffer.from(publicKeyOf(key)).toString('base64url');
  const made = importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
  if (imported.size >= MOST_IMPORTED) imported.clear();
  imported.set(key, made);
  return made;
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
