import { ArchiveError, type ErrorCode } from '../core/errors.ts';
import type { HttpSource } from './http-source.ts';

/** What is wrong with what a node sends. */
const OF_ANSWERS: ReadonlySet<ErrorCode> = new Set([
  'peer_invalid',
  'release_invalid',
  'input_invalid',
]);

/**
 * Reads what a node sends, and names the node in what turns out to be wrong with it: who reads files and
 * signatures does not know where they come from.
 */
export async function naming<T>(
  { name }: Pick<HttpSource, 'name'>,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isOfAnswer = error instanceof ArchiveError && OF_ANSWERS.has(error.code);
    if (!isOfAnswer || error.message.includes(name)) throw error;
    const { code, message, retryable } = error;
    const text = `${name} cannot be believed: ${message}`;
    throw new ArchiveError(code, text, { cause: error, retryable });
  }
}
