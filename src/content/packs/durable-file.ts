import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the names in a folder durable: files created in it, renamed or removed. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder; it writes names through by itself.
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Replaces the file as a whole: after a crash it holds either the old text or the new. */
export function writeDurably(path: string, text: string, mode = 0o666): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { flush: true, mode });
  renameSync(temporary, path);
  syncFolder(dirname(path));
}
