import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { fromHex } from '../hash.ts';
import type { VerifySignature } from '../ports/keys.ts';
import { decodeBlock, encodeValue } from '../statements/block.ts';
import { did, documentCid, type EntryHash, entryHash, natural } from '../statements/fields.ts';
import { isKind, KINDS } from '../statements/kinds.ts';
import { statementOutline } from '../statements/statement.ts';
import { FORMAT } from './charter.ts';
import { type Did, publicKeyHexOf } from './did-key.ts';

/** Greatest size of an entry, in bytes. */
export const MAX_ENTRY_BYTES = 65_536;

/** Greatest number of parents. */
export const MAX_PARENTS = 16;

const hexKey = z.string().regex(/^[0-9a-f]{64}$/);

const payload = z.union([
  z.strictObject({ format: z.number().int().min(1).max(65_535), batch: documentCid }),
  z.strictObject({
    format: z.number().int().min(1).max(65_535),
    statement: statementOutline.refine(
      (statement) => !isKind(statement.kind) || KINDS[statement.kind].governance,
      'only governance statements stand inline',
    ),
  }),
]);

/**
 * An OrbitDB v2 entry under the rules of ledger.md §1. `key` and `clock.id` are the author's public
 * key in lower-case hexadecimal, `sig` its Ed25519 signature over the canonical DAG-CBOR of
 * `{id, payload, next, refs, clock, v}`, in lower-case hexadecimal.
 */
const entry = z.strictObject({
  id: z.string().max(128),
  payload,
  next: z
    .array(entryHash)
    .max(MAX_PARENTS)
    .refine((list) => new Set(list).size === list.length, 'names a parent twice'),
  refs: z.array(z.never()).max(0),
  clock: z.strictObject({ id: hexKey, time: natural.min(1) }),
  v: z.literal(2),
  key: hexKey,
  identity: did,
  sig: z.string().regex(/^[0-9a-f]{128}$/),
});

export type Entry = z.output<typeof entry>;

/** What acceptance must know of the ledger; all of it is fixed by the entry's own past. */
export interface AcceptanceContext {
  /** The archive's address: every entry's `id`. */
  readonly address: string;
  /** The number of the rules in force in the past of an entry over these parents. */
  readonly formatOver: (parents: readonly EntryHash[]) => number;
  /** Clock of an accepted entry, or undefined if there is none of that hash. */
  readonly parentClock: (hash: EntryHash) => number | undefined;
  /** Whether the author is a member by the fold of the entry's past. */
  readonly isMember: (author: Did, parents: readonly EntryHash[]) => boolean;
  /** The charter's first steward, who alone may write the one entry without parents. */
  readonly founder: Did;
  readonly verify: VerifySignature;
}

/**
 * Returns the entry in these bytes if it is acceptable as far as it can be told without its batch.
 *
 * A pure function of the bytes and the entry's past. Cheapest checks come first: size, canonical
 * form, known parents, clock, membership, signature.
 *
 * @throws {ArchiveError} `entry_rejected` naming the rule that is broken; `format_unknown` for an
 * entry under rules newer than this program, which is neither accepted nor refused.
 */
export function acceptEntry(bytes: Uint8Array, context: AcceptanceContext): Entry {
  if (bytes.length > MAX_ENTRY_BYTES) throw rejected(`has ${bytes.length} bytes, more than 64 KiB`);
  const read = readEntry(bytes);
  if (read.id !== context.address) throw rejected('belongs to another archive');
  refuseNewer(read.payload.format);
  checkPast(read, context);
  checkFormat(read.payload.format, context.formatOver(read.next));
  if (read.key !== publicKeyHexOf(read.identity) || read.clock.id !== read.key) {
    throw rejected('has a key that is not that of its identity');
  }
  if (!context.isMember(read.identity, read.next)) {
    throw rejected(`is by ${read.identity}, which is no member in the entry's own past`);
  }
  const signature = fromHex(read.sig);
  if (signature === undefined || !context.verify(read.identity, signedBytes(read), signature)) {
    throw rejected(`is not validly signed by ${read.identity}`);
  }
  return read;
}

/**
 * Returns the fields of an entry in canonical bytes, without judging its past or signature.
 *
 * @throws {ArchiveError} `entry_rejected`.
 */
export function readEntry(bytes: Uint8Array): Entry {
  let value: unknown;
  try {
    value = decodeBlock(bytes);
  } catch (cause) {
    throw rejected('is not canonical DAG-CBOR', cause);
  }
  const read = entry.safeParse(value);
  if (!read.success) throw rejected(`breaks the schema: ${faultOf(read.error)}`);
  return read.data;
}

/** Returns the bytes that the author of an entry signs. */
export function signedBytes(value: Omit<Entry, 'key' | 'identity' | 'sig'>): Uint8Array {
  const { id, payload: content, next, refs, clock, v } = value;
  return encodeValue({ id, payload: content, next, refs, clock, v });
}

function refuseNewer(format: number): void {
  if (format <= FORMAT) return;
  throw new ArchiveError(
    'format_unknown',
    `this entry follows format ${format}, this program knows ${FORMAT}; upgrade`,
  );
}

function checkFormat(format: number, inForce: number): void {
  if (format !== inForce) {
    throw rejected(`follows format ${format}, in its past format ${inForce} is in force`);
  }
}

function checkPast(read: Entry, context: AcceptanceContext): void {
  if (read.next.length === 0) {
    if (read.identity !== context.founder) {
      throw rejected('has no parents and is not by the founding steward');
    }
    if (read.clock.time !== 1) throw rejected('has no parents and a clock other than 1');
    return;
  }
  let newest = 0;
  for (const parent of read.next) {
    const clock = context.parentClock(parent);
    if (clock === undefined) throw rejected(`names a parent that is not here: ${parent}`);
    newest = Math.max(newest, clock);
  }
  if (read.clock.time !== newest + 1) {
    throw rejected(`has clock ${read.clock.time}, its parents make it ${newest + 1}`);
  }
}

function rejected(problem: string, cause?: unknown): ArchiveError {
  return new ArchiveError('entry_rejected', `this entry ${problem}`, { cause });
}
