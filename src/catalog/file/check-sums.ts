import { crc32 } from 'node:zlib';

/**
 * Check sums over what verdicts and people read, so that a bit that flipped on disk is noticed where
 * SQLite would notice nothing.
 */

/** What a stored statement says, as text. */
export interface StoredWords {
  readonly kind: string;
  readonly at: string;
  readonly carried: string | null;
  readonly body: string;
}

export function sumOf({ kind, at, carried, body }: StoredWords): number {
  return crc32(`${kind} ${at} ${carried ?? ''} ${body}`);
}

const OWN_SUM_LENGTH = 8;

/** Returns the text with its check sum before it. */
export function withOwnSum(text: string): string {
  return crc32(text).toString(16).padStart(OWN_SUM_LENGTH, '0') + text;
}

export function hasOwnSum(summed: string): boolean {
  return withOwnSum(withoutOwnSum(summed)) === summed;
}

export function withoutOwnSum(summed: string): string {
  return summed.slice(OWN_SUM_LENGTH);
}
