import { type Did, isDid } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import { type EntryHash, isEntryHash } from '../core/statements/fields.ts';

/** Returns the key that somebody typed. @throws {ArchiveError} `usage_invalid`. */
export function parseDid(text: string): Did {
  if (isDid(text)) return text;
  throw new ArchiveError(
    'usage_invalid',
    `${JSON.stringify(text)} is no Ed25519 did:key (did:key:z6Mk…)`,
  );
}

/** Returns the entry that somebody typed. @throws {ArchiveError} `usage_invalid`. */
export function parseEntryHash(text: string): EntryHash {
  if (isEntryHash(text)) return text;
  throw new ArchiveError('usage_invalid', `${JSON.stringify(text)} is no entry's hash (zdpu…)`);
}
