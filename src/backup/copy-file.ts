import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
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

/** A run of bytes of a file. */
export interface FilePart {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Copies the first `size` bytes of a file, as {@link copyParts} does. */
export function copyFile(
  from: string,
  to: string,
  size: number,
  isRight: (copied: Summed) => void,
  watching: Watching = {},
): Promise<Summed> {
  return copyParts([{ path: from, from: 0, to: size }], to, isRight, watching);
}

/**
 * Joins parts of files under a temporary name and gives it the right one if `isRight`
 * says so of what was read; the target may be among the files. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `disk_full`, `file_unreadable`, `aborted`; the target is as it was then.
 */
export async function copyParts(
  parts: readonly FilePart[],
  to: string,
  isRight: (copied: Summed) => void,
  watching: Watching = {},
): Promise<Summed> {
  const partial = `${to}.partial`;
  try {
    const summed = await onFile(to, async () => {
      await rm(partial, { force: true });
      const target = await open(partial, 'wx', 0o600);
      try {
        const copied = await readThrough(parts, watching, (bytes) => target.writeFile(bytes));
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
  return readThrough([{ path, from: 0, to: size }], watching, () => Promise.resolve());
}

async function readThrough(
  parts: readonly FilePart[],
  { signal, onBytes }: Watching,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<Summed> {
  const sum = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  for (const { path, from, to } of parts) {
    await onFile(path, async () => {
      await using file = await open(path, 'r');
      for (let place = from; place < to; ) {
        throwIfAborted(signal);
        const length = Math.min(buffer.length, to - place);
        const { bytesRead } = await file.read(buffer, 0, length, place);
        if (bytesRead === 0) return;
        const bytes = buffer.subarray(0, bytesRead);
        sum.update(bytes);
        await take(bytes);
        place += bytesRead;
        size += bytesRead;
        onBytes?.(bytesRead);
      }
    });
  }
  return { size, sha256: sum.digest('hex') };
}
