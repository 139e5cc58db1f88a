import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock, encodeValue, MAX_BLOCK_BYTES } from './block.ts';
import { Encoded, encodeCanonical } from './canonical-cbor.ts';
import { isMadeHere, isMap, type StatementOutline, statementOutline } from './statement.ts';
import { isUsualOutline } from './usual-outline.ts';

/** Greatest number of statements in one batch. */
export const MAX_BATCH = 1024;

/** Bytes of a batch that its statements may take together; the rest is what they lie in. */
export const MAX_STATEMENT_BYTES = MAX_BLOCK_BYTES - 32;

/** Levels of a batch above its statements. */
const DEPTH = 2;

/** Statements that were made here, and so are frozen, as they are written. */
const written = new WeakMap<StatementOutline, Encoded>();

const batch = z.strictObject({
  v: z.literal(1),
  statements: z.array(statementOutline).min(1).max(MAX_BATCH),
});

/**
 * Returns the one block that an entry commits to: 1 to 1,024 statements.
 *
 * @throws {ArchiveError} `input_invalid` if a statement breaks the outline, or all of them together
 * are larger than a block may be.
 */
export function encodeBatch(statements: readonly StatementOutline[], sha256: Sha256): Block {
  const parts = partsOf(statements);
  const value = parts === undefined ? readBatch({ v: 1, statements }) : { v: 1, statements: parts };
  return encodeBlock(value, sha256);
}

/** Returns the statements as they are written if all of them were made here, and are few enough. */
function partsOf(statements: readonly StatementOutline[]): readonly Encoded[] | undefined {
  if (statements.length < 1 || statements.length > MAX_BATCH) return undefined;
  const parts: Encoded[] = [];
  for (const statement of statements) {
    const part = isMadeHere(statement) ? write(statement) : undefined;
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

/**
 * Returns how many bytes a statement takes in a batch. Costs next to nothing if it was made here and
 * is going to be encoded anyway.
 */
export function statementLength(statement: StatementOutline): number {
  const bytes = isMadeHere(statement) ? write(statement)?.bytes : undefined;
  return bytes?.length ?? encodeValue(statement).length;
}

/** Undefined for what only the careful encoder of `block.ts` writes. */
function write(statement: StatementOutline): Encoded | undefined {
  const known = written.get(statement);
  if (known !== undefined) return known;
  const bytes = encodeCanonical(statement, DEPTH);
  if (bytes === undefined) return undefined;
  const encoded = new Encoded(bytes);
  written.set(statement, encoded);
  return encoded;
}

/**
 * Returns the statements of a batch block, read as far as the frozen outline goes.
 *
 * @throws {ArchiveError} `input_invalid` if the block is not canonical or the outline is broken;
 * the entry that names it is then not acceptable.
 */
export function decodeBatch(bytes: Uint8Array): readonly StatementOutline[] {
  return readBatch(decodeBlock(bytes)).statements;
}

function readBatch(value: unknown): z.output<typeof batch> {
  if (isUsualBatch(value)) return value;
  const read = batch.safeParse(value);
  if (read.success) return read.data;
  throw new ArchiveError('input_invalid', `a batch breaks its outline: ${faultOf(read.error)}`);
}

function isUsualBatch(value: unknown): value is z.output<typeof batch> {
  if (!isMap(value) || Object.keys(value).length !== 2 || value['v'] !== 1) return false;
  const { statements } = value;
  return (
    Array.isArray(statements) &&
    statements.length >= 1 &&
    statements.length <= MAX_BATCH &&
    statements.every(isUsualOutline)
  );
}
