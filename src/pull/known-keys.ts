import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';

/** Keys that were seen before, by what they are of. */
export interface KnownKeys {
  get(of: string): Promise<Did | undefined>;
  /** Durable when the promise resolves. */
  set(of: string, key: Did): Promise<void>;
}

interface Shown {
  readonly key: Did;
  /** What the key is of, and how it is remembered: `the curator of prints at https://archive.example`. */
  readonly of: string;
  /** The key that the user named, and the option that names it. */
  readonly named: Did | undefined;
  readonly option: string;
}

/**
 * Checks a key against the one that the user has named, else against the one that was seen before. One that
 * is seen for the first time is believed, told, and remembered.
 *
 * @throws {ArchiveError} `release_invalid` for another key than that.
 */
export async function checkKey(
  { key, of, named, option }: Shown,
  known: KnownKeys,
  notice: (text: string) => void,
): Promise<void> {
  const expected = named ?? (await known.get(of));
  if (expected === undefined) {
    notice(
      `${of} signs with ${key}, which is believed at first sight; to name it: ${option} ${key}`,
    );
  } else if (expected !== key) {
    const text =
      named === undefined
        ? `${of} signs with ${key}, and before it was ${expected}; if that is meant to be, name it: ${option} ${key}`
        : `${of} signs with ${key}, and ${option} names ${named}`;
    throw new ArchiveError('release_invalid', text);
  }
  if (expected === undefined || named !== undefined) await known.set(of, key);
}
