import { ArchiveError } from '../../core/errors.ts';

/** What the catalog holds contradicts itself. */
export class CatalogDamagedError extends ArchiveError {
  constructor(problem: string) {
    super(
      'home_corrupt',
      `the catalog is damaged: ${problem}; run "reindex" to build it again from the ledger`,
    );
  }
}

/**
 * Returns the row, which other rows of the catalog refer to.
 *
 * @throws {CatalogDamagedError} if it is not there.
 */
export function required<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new CatalogDamagedError(`${what} is missing`);
  return row;
}

/**
 * Returns the value of JSON text that this room has written; the caller says what that was.
 *
 * @throws {CatalogDamagedError} if it is no JSON any more.
 */
export function parseStored(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CatalogDamagedError(`${what} cannot be read`);
  }
}
