import { ArchiveError } from '../core/errors.ts';
import { damaged } from './damaged.ts';

/**
 * Returns SQLite's own complaints (a missing column, a violated constraint) as damage of the file:
 * the program's own SQL is right, so a file that does not take it is not as it was written. Every
 * other error is returned as it is.
 */
export function translateDamage(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? damaged(error.message, error) : error;
}

/** Returns what `work` returns; what it throws goes through {@link translateDamage}. */
export function translatingDamage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateDamage(error);
  }
}

/** Returns what a failed read says about the file; a defect of the program is thrown on. */
export function damageText(error: unknown): string {
  const translated = translateDamage(error);
  if (translated instanceof ArchiveError) return translated.message;
  throw error;
}
