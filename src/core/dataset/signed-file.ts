import type { z } from 'zod';
import type { Did } from '../entries/did-key.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { encodeJsonFile, type Json, parseJsonFile } from './canonical-json.ts';
import { manifestSigner, signManifest } from './manifest-signature.ts';

/** Returns a value as a file: canonical JSON (RFC 8785) and a newline, signed in its field `signature`. */
export function encodeSigned(value: Readonly<Record<string, Json>>, signer: Signer): Uint8Array {
  const signature = signManifest(encodeJsonFile(value), signer);
  return encodeJsonFile({ ...value, signature });
}

/** What a signed file has to be: its form, who must have signed it, and what it is called. */
export interface SignedForm<T> {
  readonly schema: z.ZodType<T & { readonly signature: string }>;
  readonly signer: (value: T) => Did;
  readonly what: string;
}

/**
 * Returns what a signed file says, without its signature, once that was checked.
 *
 * @throws {ArchiveError} `release_invalid`.
 */
export function parseSigned<T>(
  bytes: Uint8Array,
  { schema, signer, what }: SignedForm<T>,
  verify: VerifySignature,
): T {
  const invalid = (why: string) =>
    new ArchiveError('release_invalid', `${what} cannot be used: ${why}`);
  const read = schema.safeParse(parseJsonFile(bytes, what));
  if (!read.success) throw invalid(faultOf(read.error));
  const { signature, ...rest } = read.data;
  // All of the value but its signature; and the schema lets nothing through that is not JSON.
  const value = rest as unknown as T;
  const key = manifestSigner(
    encodeJsonFile(rest as Readonly<Record<string, Json>>),
    signature,
    verify,
  );
  if (key !== signer(value)) throw invalid(`${key} has signed it, and not ${signer(value)}`);
  return value;
}
