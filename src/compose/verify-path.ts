import { stat } from 'node:fs/promises';
import { type BackupCheck, verifyBackup } from '../backup/verify-backup.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';

/**
 * Checks what lies at a path without any home: the folder of a backup.
 *
 * @throws {ArchiveError} `backup_invalid` if it holds no finished backup, `file_unreadable`, `aborted`.
 */
export async function verifyPath(
  path: string,
  options: Parameters<typeof verifyBackup>[1],
): Promise<BackupCheck> {
  const found = await onFile(path, () => stat(path));
  if (found.isDirectory()) return verifyBackup(path, options);
  throw new ArchiveError('usage_invalid', `${path} is no folder of a backup`);
}
