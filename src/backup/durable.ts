import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { onFile } from '../core/file-fault.ts';

/**
 * Replaces a file as a whole, readable by its owner alone: after a crash it holds the old bytes or the
 * new ones. Durable when the promise resolves. @throws {ArchiveError} `disk_full`, `file_unreadable`.
 */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  await onFile(path, async () => {
    await rm(partial, { force: true });
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  });
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; it writes names through by itself.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
