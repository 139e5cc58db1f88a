import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import { makeFolder } from '../core/make-folder.ts';
import { copyFile, type Summed, sumFile } from './copy-file.ts';
import { type BackupFile, type BackupManifest, requireManifest } from './manifest.ts';
import { openKey } from './sealed-key.ts';

/** A backup whose key has been opened. */
export interface OpenedBackup {
  readonly manifest: BackupManifest;
  /** The home's private key, in PEM. */
  readonly pem: string;
}

/** @throws {ArchiveError} `backup_invalid` for no finished backup, damage, or another passphrase. */
export async function openBackup(folder: string, passphrase: string): Promise<OpenedBackup> {
  const manifest = await requireManifest(folder);
  const name = `${manifest.state}/key.json`;
  const path = join(folder, name);
  const file = await onFile(path, () => readFile(path));
  const expected = manifest.files.find((one) => one.path === name);
  if (expected === undefined) throw damaged(path, 'is not listed');
  check(path, expected)(await sumFile(path, expected.size));
  return { manifest, pem: await openKey(file, passphrase) };
}

/**
 * Copies the files of a backup to where `targetOf` puts them, each compared with the manifest. One that
 * lies there already with the right bytes stays, so a restore that was interrupted goes on.
 *
 * @throws {ArchiveError} `backup_invalid` naming the file that is damaged, `disk_full`, `aborted`.
 */
export async function restoreFiles(
  folder: string,
  manifest: BackupManifest,
  targetOf: (path: string) => string | undefined,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?:
      | ((done: { readonly bytes: number; readonly expectedBytes: number }) => void)
      | undefined;
  },
): Promise<void> {
  const expectedBytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  let bytes = 0;
  const onBytes = (read: number) => {
    bytes += read;
    options.onProgress?.({ bytes, expectedBytes });
  };
  for (const file of manifest.files) {
    const to = targetOf(file.path);
    if (to === undefined) continue;
    const from = join(folder, file.path);
    if (await isThere(to, file)) onBytes(file.size);
    else {
      await onFile(to, () => makeFolder(dirname(to), { mkdir, stat, dirname }, 0o700));
      await copyFile(from, to, file.size, check(from, file), { ...options, onBytes });
    }
  }
}

async function isThere(path: string, { size, sha256 }: BackupFile): Promise<boolean> {
  try {
    const found = await sumFile(path, size + 1);
    return found.size === size && found.sha256 === sha256;
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'file_unreadable') return false;
    throw error;
  }
}

function check(path: string, expected: BackupFile): (found: Summed) => void {
  return ({ size, sha256 }) => {
    if (size !== expected.size) throw damaged(path, `has ${size} bytes, not ${expected.size}`);
    if (sha256 !== expected.sha256) throw damaged(path, 'has other bytes than were backed up');
  };
}

function damaged(path: string, problem: string): ArchiveError {
  return new ArchiveError('backup_invalid', `${path} ${problem}; restore another backup`);
}
