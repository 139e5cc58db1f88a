import { z } from 'zod';
import { CANONICAL_CID, type Cid, CODEC, codecOf, isCid } from '../cid.ts';
import { type Did, isDid } from '../entries/did-key.ts';
import { entryHashBytes } from '../entries/entry-hash.ts';
import { PURPOSES, REQUESTER } from '../policy/purposes.ts';

/**
 * The field types that statement bodies are made of.
 *
 * A statement holds CIDs, codes, dates, digests, organisation ids and salted commitments: nothing
 * that names a person. Every string that encodes bytes has exactly one accepted form.
 */

declare const entryHashBrand: unique symbol;

/** The hash of a ledger entry as OrbitDB writes it: CIDv1, dag-cbor, sha2-256, base58btc (`zdpu…`). */
export type EntryHash = string & { readonly [entryHashBrand]: true };

export function isEntryHash(text: unknown): text is EntryHash {
  return typeof text === 'string' && entryHashBytes(text) !== undefined;
}

/** A statement's name: the hash of its entry, a slash, its place in the batch (`zdpu…/17`). */
export type StatementId = string;

export const cid = z
  .custom<Cid>(isCid, 'must be a canonical CIDv1 with sha2-256')
  .meta(textOf(CANONICAL_CID));

/** An asset: the root of a UnixFS file, so raw or dag-pb. */
export const assetCid = z
  .custom<Cid>(
    (value) => isCid(value) && codecOf(value) !== CODEC.dagCbor,
    'must be the CID of an asset (raw or dag-pb)',
  )
  .meta(textOf(CANONICAL_CID));

/** A set, record, policy or other document of ours: dag-cbor. */
export const documentCid = z
  .custom<Cid>(
    (value) => isCid(value) && codecOf(value) === CODEC.dagCbor,
    'must be the CID of a dag-cbor document',
  )
  .meta(textOf(CANONICAL_CID));

/** The form of an {@link EntryHash}. */
export const ENTRY_HASH = /^zdpu[1-9A-HJ-NP-Za-km-z]{45}$/;

export const entryHash = z
  .custom<EntryHash>(isEntryHash, 'must be an entry hash (zdpu…)')
  .meta(textOf(ENTRY_HASH));

const STATEMENT_ID = /^zdpu[1-9A-HJ-NP-Za-km-z]{45}\/(0|[1-9][0-9]{0,3})$/;

export const statementId = z
  .custom<StatementId>((value) => {
    if (typeof value !== 'string') return false;
    const slash = value.indexOf('/');
    return (
      slash > 0 &&
      isEntryHash(value.slice(0, slash)) &&
      /^(0|[1-9]\d{0,3})$/.test(value.slice(slash + 1))
    );
  }, 'must be a statement id (zdpu…/n)')
  .meta(textOf(STATEMENT_ID));

/** 32 bytes in lower-case hexadecimal: a digest, or a salted commitment. */
export const hex32 = z.string().regex(/^[0-9a-f]{64}$/);

/** 16 bytes in lower-case hexadecimal: a random or salted identifier. */
export const hex16 = z.string().regex(/^[0-9a-f]{32}$/);

/** A random id, made when the organisation was introduced; its name is a document or a record. */
export const organisationId = z.string().regex(/^[0-9a-f]{32}$/);

/** The form of an Ed25519 `did:key`. */
export const DID_KEY = /^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/;

export const did = z.custom<Did>(isDid, 'must be an Ed25519 did:key').meta(textOf(DID_KEY));

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** UTC, whole seconds, RFC 3339: `2026-11-22T14:28:34Z`. The author's word, never evidence of time. */
export const timestamp = z
  .string()
  .regex(TIMESTAMP)
  .refine(isRealTime, 'must be a real point in time')
  // Says to JSON Schema what the refinement does.
  .meta({ pattern: z.regexes.datetime({ precision: 0 }).source });

/** Says what {@link timestamp} does. */
export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && TIMESTAMP.test(value) && isRealTime(value);
}

/** A calendar date: `2026-11-22`. */
export const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine((text) => isRealTime(`${text}T00:00:00Z`), 'must be a real date');

/** The form of a {@link code}. */
export const CODE = /^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}$/;

/** A word of a vocabulary: letters, digits and `._-:/+`, at most 128. Not for text that people write. */
export const code = z
  .string()
  .regex(
    CODE,
    'must be 1 to 128 letters, digits and ._-:/+ without spaces, such as adobe-photoshop',
  );

/** Where something came from, as a code: `npm:openmoji@17.0.0`, `debian:PACKAGE`, `doi:…`. */
export const sourceCode = z.string().regex(/^[a-z][a-z0-9+.-]{1,31}:[!-~]{1,200}$/);

/** A licence in canonical text: SPDX expression, rights URI or LicenseRef. Printable ASCII. */
export const licenceText = z.string().regex(/^[ -~]{1,256}$/);

export const mediaType = z
  .string()
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/);

/** A count or size in bytes, exact in a double. */
export const natural = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

export const purpose = z.enum(PURPOSES);

export const requester = z.string().regex(REQUESTER, 'is no requester');

export const digitalSourceType = z
  .string()
  .regex(
    /^http:\/\/(cv\.iptc\.org\/newscodes|c2pa\.org)\/digitalsourcetype\/[A-Za-z]{1,64}$/,
    'must be a canonical digital source type URI',
  );

/** Says to JSON Schema of what form the texts are that a check takes, as far as a pattern can. */
function textOf({ source }: RegExp) {
  return { type: 'string', pattern: source } as const;
}

/** A list without repetitions, sorted by code unit, so that one set of values has one form. */
export function sortedSet<T extends z.ZodType<string>>(item: T, max: number) {
  return z
    .array(item)
    .max(max)
    .refine(
      (items) => items.every((value, i) => i === 0 || (items[i - 1] ?? '') < value),
      'must be sorted and without repetitions',
    );
}

/** Of a text in the form of {@link timestamp}; the calendar is the Gregorian one throughout. */
function isRealTime(text: string): boolean {
  const digit = (at: number) => text.charCodeAt(at) - 0x30;
  const number = (at: number) => 10 * digit(at) + digit(at + 1);
  const year = 100 * number(0) + number(2);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = number(5) === 2 && isLeap ? 29 : (DAYS[number(5) - 1] ?? 0);
  const isDay = number(8) >= 1 && number(8) <= days;
  return isDay && number(11) < 24 && number(14) < 60 && number(17) < 60;
}
