import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { onFile } from '../core/file-fault.ts';
import { syncFolder } from './durable.ts';

const CHUNK_BYTES = 1_048_576;

interface Watching {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What the first bytes of a file are. */
export interface Summed {
  /** Less than was asked for if the file is shorter. */
  readonly size: number;
  readonly sha256: string;
}

/**
 * Copies the first `size` bytes of a file under a temporary name and gives it the right one if `isRight`
 * says so of what was read. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `disk_full`, `file_unreadable`, `aborted`; the target is as it was then.
 */
export async function copyFile(
  from: string,
  to: string,
  size: number,
  isRight: (copied: Summed) => void,
  watching: Watching = {},
): Promise<Summed> {
  const partial = `${to}.partial`;
  try {
    const summed = await onFile(to, async () => {
      await rm(partial, { force: true });
      const target = await open(partial, 'wx', 0o600);
      try {
        const copied = await readThrough(from, size, watching, (bytes) => target.writeFile(bytes));
        await target.sync();
        return copied;
      } finally {
        await target.close();
      }
    });
    isRight(summed);
    await onFile(to, async () => {
      await rename(partial, to);
      await syncFolder(dirname(to));
    });
    return summed;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Returns the digest of the first `size` bytes. @throws {ArchiveError} `file_unreadable`, `aborted`. */
export function sumFile(path: string, size: number, watching: Watching = {}): Promise<Summed> {
  return readThrough(path, size, watching, () => Promise.resolve());
}

async function readThrough(
  path: string,
  size: number,
  { signal, onBytes }: Watching,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<Summed> {
  return onFile(path, async () => {
    const file: FileHandle = await open(path, 'r');
    try {
      const sum = createHash('sha256');
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      let place = 0;
      while (place < size) {
        throwIfAborted(signal);
        const length = Math.min(buffer.length, size - place);
        const { bytesRead } = await file.read(buffer, 0, length, place);
        if (bytesRead === 0) break;
        const bytes = buffer.subarray(0, bytesRead);
        sum.update(bytes);
        await take(bytes);
        place += bytesRead;
        onBytes?.(bytesRead);
      }
      return { size: place, sha256: sum.digest('hex') };
    } finally {
      await file.close();
    }
  });
}
