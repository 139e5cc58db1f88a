import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { type Sha256, toHex } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from './block.ts';

/**
 * Records hold what may have to be erased: names, titles, notes, text out of files. They lie beside
 * the ledger, are named in it by CID, and carry a random nonce so that nobody can guess the CID
 * of a record that is gone.
 */

const text = z.string().max(10_000);
const salt = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length === 16,
  'must be 16 bytes',
);

/** A named maker and the salt of the commitment that stands in the statement. */
const namedMaker = z.strictObject({ name: text.min(1), salt });

const depositRecord = z.strictObject({
  type: z.literal('deposit'),
  title: text,
  /** Path of the item within what was offered, '/' between parts. */
  filename: text,
  makers: z.array(namedMaker).max(256),
  dateText: text,
  /** Earliest and latest day that the date text can mean; empty where it says none. */
  earliest: z.string().max(32),
  latest: z.string().max(32),
  source: text,
  notes: text,
  tags: z.array(text).max(256),
  language: z.string().max(64),
  /** Name of the catalogue file the row came from; empty without one. */
  catalogue: text,
});

const nameRecord = z.strictObject({
  type: z.literal('name'),
  name: text.min(1),
  salt,
});

const findingRecord = z.strictObject({
  type: z.literal('finding'),
  raw: z
    .array(
      z.strictObject({
        inspector: z.string().max(128),
        where: z.string().max(512),
        text: z.string().max(262_144),
        truncated: z.boolean(),
      }),
    )
    .max(256),
});

/** Free words beside any other statement. */
const noteRecord = z.strictObject({ type: z.literal('note'), text });

/** An outsider's DSSE envelope with the key that signed it and the salt of its commitment. */
const envelopeRecord = z.strictObject({
  type: z.literal('envelope'),
  envelope: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes'),
  signer: z.string().max(128),
  salt,
});

const recordData = z.discriminatedUnion('type', [
  depositRecord,
  nameRecord,
  findingRecord,
  noteRecord,
  envelopeRecord,
]);

export type RecordData = z.output<typeof recordData>;
export type DepositRecord = z.output<typeof depositRecord>;

const record = z.strictObject({ v: z.literal(1), nonce: salt, data: recordData });

/** What the blocks say that {@link encodeRecord} has made; they are frozen, so it stays true. */
const made = new WeakMap<Block, RecordData>();

/** Returns the block of a record. `nonce` is 16 fresh random bytes. */
export function encodeRecord(data: RecordData, nonce: Uint8Array, sha256: Sha256): Block {
  const read = record.parse({ v: 1, nonce, data });
  const block = Object.freeze(encodeBlock(read, sha256));
  made.set(block, read.data);
  return block;
}

/** Returns what a block says that {@link encodeRecord} has made, undefined for any other block. */
export function recordMadeHere(block: Block): RecordData | undefined {
  return made.get(block);
}

/**
 * Returns if a block, whose bytes are those its CID names, is a record. Costs nothing for a block that
 * {@link encodeRecord} has made.
 *
 * @throws {ArchiveError} `input_invalid` as {@link decodeRecord}.
 */
export function checkRecord(block: Block): void {
  if (!made.has(block)) decodeRecord(block.bytes);
}

/** Returns what a record says; undefined for bytes that are no record of this format. */
export function readRecord(bytes: Uint8Array): RecordData | undefined {
  try {
    return decodeRecord(bytes);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'input_invalid') return undefined;
    throw error;
  }
}

/**
 * Returns what a record says.
 *
 * @throws {ArchiveError} `input_invalid` if the block is no record of this format.
 */
export function decodeRecord(bytes: Uint8Array): RecordData {
  const read = record.safeParse(decodeBlock(bytes));
  if (!read.success) {
    throw new ArchiveError('input_invalid', `not a record: ${faultOf(read.error)}`);
  }
  return read.data.data;
}

/**
 * Returns the salted commitment to a name: SHA-256 of the label `ringfence name 1`, a zero byte, the
 * salt and the name's UTF-8 in Unicode form NFC, in lower-case hexadecimal. Whoever holds the record
 * can check it; without the salt it says nothing.
 */
export function commitName(name: string, saltBytes: Uint8Array, sha256: Sha256): string {
  const encoder = new TextEncoder();
  const label = encoder.encode('ringfence name 1\0');
  const words = encoder.encode(name.normalize('NFC'));
  const bytes = new Uint8Array(label.length + saltBytes.length + words.length);
  bytes.set(label);
  bytes.set(saltBytes, label.length);
  bytes.set(words, label.length + saltBytes.length);
  return toHex(sha256(bytes));
}

/** Returns the salted 16-byte id of a collection, work or item: the first half of {@link commitName}. */
export function saltedId(name: string, saltBytes: Uint8Array, sha256: Sha256): string {
  return commitName(name, saltBytes, sha256).slice(0, 32);
}
