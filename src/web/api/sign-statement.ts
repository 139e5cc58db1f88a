import { sha256 } from '@noble/hashes/sha2.js';
import { type ClaimContent, contentOf, type Said } from '../../core/entries/claim-content.ts';
import { type ClaimFile, parseClaim } from '../../core/entries/claim-file.ts';
import { isDid } from '../../core/entries/did-key.ts';
import { preAuthentication, sealedPayload } from '../../core/entries/envelope.ts';
import { TEXT } from '../text/english.ts';

/** A statement that the node has drafted, as this browser reads it: what is shown of it is what is signed. */
export interface Draft extends ClaimContent {
  readonly file: ClaimFile;
}

/** A key of this browser, which no script reads out. */
export interface SigningKey {
  /** A did:key. */
  readonly key: string;
  readonly privateKey: CryptoKey;
}

/** What a draft has to say: nobody signs another thing than was asked for. */
export interface Expected {
  readonly kind: string;
  readonly about: { readonly asset: string } | { readonly set: string };
  /** Fields of its body, with their values. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly note: string | undefined;
}

/**
 * Reads a draft (`statement.draft`, `claim.template`) out of the bytes that are to be signed. Each text and
 * note that it names is checked against its CID.
 *
 * @throws where it is no draft, or does not speak to this archive.
 */
export function readDraft(file: unknown, archive: string): Draft {
  const parsed = parseClaim(JSON.stringify(file));
  const content = contentOf(parsed, sha256);
  if (content.archive !== archive) throw new Error(TEXT.signing.otherArchive);
  return { ...content, file: parsed };
}

/** @throws where a draft says anything else than one statement with what is expected of it. */
export function refuseOther({ says }: Draft, expected: Expected): void {
  const [said, ...more] = says;
  if (said === undefined || more.length > 0) throw new Error(TEXT.signing.otherWords);
  if (!isExpected(said, expected)) throw new Error(TEXT.signing.otherWords);
}

/** Says whether a statement of a draft is the one that was asked for. */
export function isExpected(
  { statement: { kind, about, body }, note }: Said,
  expected: Expected,
): boolean {
  const found = Object.entries(body).filter(([name]) => Object.hasOwn(expected.body, name));
  return (
    kind === expected.kind &&
    note === expected.note &&
    isSame(about, expected.about) &&
    isSame(Object.fromEntries(found), expected.body)
  );
}

/** Returns a claim as the node takes it, signed with a key of this browser: a DSSE envelope. */
export async function signDraft(
  { file, payload }: Draft,
  { key, privateKey }: SigningKey,
): Promise<string> {
  if (!isDid(key)) throw new Error(TEXT.signing.noKey);
  const bytes = Uint8Array.from(preAuthentication(payload));
  const signature = await crypto.subtle.sign('Ed25519', privateKey, bytes);
  const envelope = sealedPayload(payload, key, new Uint8Array(signature));
  return JSON.stringify({ ...file, envelope });
}

/** Compares plain JSON, whatever the order of its fields. */
function isSame(a: unknown, b: unknown): boolean {
  return ordered(a) === ordered(b);
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([x], [y]) => (x < y ? -1 : 1)))
      : one,
  );
}
