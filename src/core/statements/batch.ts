import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from './block.ts';
import { isMadeHere, type StatementOutline, statementOutline } from './statement.ts';

/** Greatest number of statements in one batch. */
export const MAX_BATCH = 1024;

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
  const value = { v: 1, statements };
  const isRead = statements.length >= 1 && statements.length <= MAX_BATCH;
  return encodeBlock(isRead && statements.every(isMadeHere) ? value : readBatch(value), sha256);
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
  const read = batch.safeParse(value);
  if (read.success) return read.data;
  throw new ArchiveError('input_invalid', `a batch breaks its outline: ${faultOf(read.error)}`);
}
