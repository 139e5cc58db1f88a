import { z } from 'zod';
import { fromBase64, toBase64 } from '../base64.ts';
import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { concatBytes } from '../hash.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { cid, did, hex16 } from '../statements/fields.ts';
import { type StatementOutline, statementOutline } from '../statements/statement.ts';
import type { Did } from './did-key.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * Statements signed away from the ledger: a DSSE v1 envelope around an in-toto Statement v1
 * (github.com/secure-systems-lab/dsse, in-toto.io/Statement/v1). Ordinary in-toto tools can check it.
 */

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'urn:ringfence:statements:1';

/** Greatest size of an envelope, in bytes, and of what it can say. */
const MAX_ENVELOPE_BYTES = 1_048_576;
const MAX_STATEMENTS = 1_024;

const envelope = z.strictObject({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.string(),
  signatures: z.tuple([z.strictObject({ keyid: did, sig: z.string() })]),
});

const bareOutline = statementOutline.refine(
  (statement) => statement.signed === undefined && statement.carried === undefined,
  'is signed by this envelope and no other',
);

const predicate = z.strictObject({
  /** The archive's address: an envelope counts in one archive. */
  archive: z.string().max(128),
  /** Random, so that the same words can be said again on purpose and never by accident. */
  nonce: hex16,
  statements: z.array(bareOutline).min(1).max(MAX_STATEMENTS),
});

const inToto = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.strictObject({ name: cid, digest: z.strictObject({ cid }) }))
    .max(MAX_STATEMENTS)
    .refine((list) => list.every((one) => one.name === one.digest.cid), 'names two things at once'),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate,
});

/** What an envelope says, and who says it. */
export interface OpenedEnvelope {
  readonly by: Did;
  readonly archive: string;
  /** 16 random bytes in hexadecimal. */
  readonly nonce: string;
  readonly statements: readonly StatementOutline[];
}

/**
 * Returns the bytes of an envelope in which the signer says these statements to one archive.
 * `nonce` is 16 fresh random bytes in hexadecimal. The subjects are the assets and sets named.
 *
 * @throws {ArchiveError} `input_invalid` if a statement is signed or carried already.
 */
export function createEnvelope(says: Omit<OpenedEnvelope, 'by'>, signer: Signer): Uint8Array {
  return signPayload(payloadOf(says), signer);
}

/** Returns the payload of an envelope, which is to be signed. @throws as {@link createEnvelope}. */
export function payloadOf(says: Omit<OpenedEnvelope, 'by'>): Uint8Array {
  const content = read(inToto, {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(says.statements).map((name) => ({ name, digest: { cid: name } })),
    predicateType: PREDICATE_TYPE,
    predicate: { archive: says.archive, nonce: says.nonce, statements: says.statements },
  });
  return utf8(JSON.stringify(content));
}

/** Returns the envelope around a payload that nobody has signed yet. */
export function unsignedPayload(payload: Uint8Array): {
  payloadType: typeof PAYLOAD_TYPE;
  payload: string;
  signatures: [];
} {
  return { payloadType: PAYLOAD_TYPE, payload: toBase64(payload), signatures: [] };
}

/** Returns the envelope around a payload, signed. */
function signPayload(payload: Uint8Array, signer: Signer): Uint8Array {
  const signature = signer.sign(preAuthentication(payload));
  return utf8(JSON.stringify(sealedPayload(payload, signer.did, signature)));
}

/** Returns the envelope around a payload with a signature over its {@link preAuthentication}. */
export function sealedPayload(
  payload: Uint8Array,
  keyid: Did,
  signature: Uint8Array,
): z.output<typeof envelope> {
  const signatures: [{ keyid: Did; sig: string }] = [{ keyid, sig: toBase64(signature) }];
  return { payloadType: PAYLOAD_TYPE, payload: toBase64(payload), signatures };
}

/**
 * Returns what an envelope says, after checking its one signature, that it speaks to this archive,
 * and that its subjects are what its statements are about.
 *
 * @throws {ArchiveError} `input_invalid` naming what is wrong.
 */
export function openEnvelope(
  bytes: Uint8Array,
  expected: { readonly archive: string; readonly verify: VerifySignature },
): OpenedEnvelope {
  if (bytes.length > MAX_ENVELOPE_BYTES) throw invalid(`has ${bytes.length} bytes, too many`);
  const outer = read(envelope, parseStrictJson(toText(bytes)));
  const payload = bytesOf(outer.payload);
  const [signature] = outer.signatures;
  if (!expected.verify(signature.keyid, preAuthentication(payload), bytesOf(signature.sig))) {
    throw invalid(`is not validly signed by ${signature.keyid}`);
  }
  const said = readPayload(payload);
  if (said.archive !== expected.archive) throw invalid('speaks to another archive');
  return { by: signature.keyid, ...said };
}

/**
 * Returns what a payload says, whoever is to sign it, after checking that its subjects are what its
 * statements are about.
 *
 * @throws {ArchiveError} `input_invalid` naming what is wrong.
 */
export function readPayload(payload: Uint8Array): Omit<OpenedEnvelope, 'by'> {
  const { subject, predicate: said } = read(inToto, parseStrictJson(toText(payload)));
  const subjects = subjectsOf(said.statements);
  if (subject.length !== subjects.length || subject.some((one, i) => one.name !== subjects[i])) {
    throw invalid('has other subjects than its statements');
  }
  return said;
}

/** Returns what is signed (DSSE v1): type and body of the payload, each with its length in bytes. */
export function preAuthentication(payload: Uint8Array): Uint8Array {
  const type = utf8(PAYLOAD_TYPE);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

function subjectsOf(statements: readonly StatementOutline[]): Cid[] {
  const named = statements.flatMap(({ about }) => {
    if (about === null) return [];
    return 'set' in about ? [about.set] : [about.asset];
  });
  return [...new Set(named)].sort();
}

function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(`breaks its schema: ${faultOf(result.error)}`);
  return result.data;
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid('is not UTF-8', cause);
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function bytesOf(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw invalid('holds text that is not base64 in its one form');
  return bytes;
}

function invalid(problem: string, cause?: unknown): ArchiveError {
  return new ArchiveError('input_invalid', `this envelope ${problem}`, { cause });
}
