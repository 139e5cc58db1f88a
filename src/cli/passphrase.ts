import { readFile } from 'node:fs/promises';
import { readEnvironment } from '../compose/settings/environment.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';

export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

export const PASSPHRASE_OPTION = [
  '--passphrase-file <file>',
  'its first line seals the key (default: RINGFENCE_PASSPHRASE)',
] as const;

/** @throws {ArchiveError} `usage_invalid` if none is given: `what` says what it is for. */
export async function passphraseOf(
  { passphraseFile }: PassphraseOptions,
  what: string,
): Promise<string> {
  if (passphraseFile !== undefined) {
    const text = await onFile(passphraseFile, () => readFile(passphraseFile, 'utf8'));
    return text.split(/\r?\n/, 1)[0] ?? '';
  }
  const { passphrase } = readEnvironment();
  if (passphrase !== undefined) return passphrase;
  throw new ArchiveError(
    'usage_invalid',
    `${what}: name a file with a passphrase by --passphrase-file`,
  );
}
