import { join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { ArchiveError } from '../core/errors.ts';
import { sumFile } from './copy-file.ts';
import { requireManifest } from './manifest.ts';

export interface BackupCheck {
  readonly ok: boolean;
  readonly archive: string;
  readonly home: string;
  readonly made: string;
  readonly entries: number;
  readonly withPacks: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly {
    readonly code: 'backup_invalid';
    readonly subject: string;
    readonly text: string;
  }[];
}

/**
 * Reads every file of a backup and compares it with the manifest; nothing is restored, and no passphrase
 * is needed.
 *
 * @throws {ArchiveError} `backup_invalid` if the manifest is missing or damaged, `aborted`.
 */
export async function verifyBackup(
  folder: string,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: {
      readonly bytes: number;
      readonly expectedBytes: number;
    }) => void;
  } = {},
): Promise<BackupCheck> {
  const { signal, onProgress } = options;
  const { archive, home, made, entries, withPacks, files } = await requireManifest(folder);
  const expectedBytes = files.reduce((sum, { size }) => sum + size, 0);
  const problems: BackupCheck['problems'][number][] = [];
  let bytes = 0;
  const onBytes = (read: number) => {
    bytes += read;
    onProgress?.({ bytes, expectedBytes });
  };
  for (const file of files) {
    throwIfAborted(signal);
    const path = join(folder, file.path);
    const text = await problemOf(path, file, { signal, onBytes });
    if (text !== undefined) problems.push({ code: 'backup_invalid', subject: path, text });
  }
  const ok = problems.length === 0;
  return { ok, archive, home, made, entries, withPacks, files: files.length, bytes, problems };
}

async function problemOf(
  path: string,
  file: { readonly size: number; readonly sha256: string },
  watching: Parameters<typeof sumFile>[2],
): Promise<string | undefined> {
  try {
    const { size, sha256 } = await sumFile(path, file.size, watching);
    if (size < file.size) return `has ${size} bytes and should have ${file.size}`;
    return sha256 === file.sha256 ? undefined : 'has other bytes than were copied into it';
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'file_unreadable') return error.message;
    throw error;
  }
}
