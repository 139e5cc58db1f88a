import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { PassingFile, PassingFiles } from '../../core/ports/passing-files.ts';
import { FileHasher } from '../../core/unixfs/file-hasher.ts';
import { sha256 } from '../sha256.ts';
import { SourceFile } from './source-file.ts';

/** Opens a folder for files that pass through, and deletes what a process that was killed left in it. */
export async function openPassingFiles(folder: string): Promise<PassingFiles> {
  await onFile(folder, () => rm(folder, { recursive: true, force: true }));
  return {
    take: (bytes, maxBytes) => take(folder, bytes, maxBytes),
    open: lookAt,
  };
}

async function take(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<PassingFile> {
  await onFile(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  const path = join(folder, randomUUID());
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(path, { force: true }));
  const hasher = new FileHasher(sha256);
  let size = 0;
  {
    await using file = await onFile(path, () => open(path, 'wx', 0o600));
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new ArchiveError('too_large', `the file has more than ${maxBytes} bytes`);
      }
      hasher.add(chunk);
      await onFile(path, () => file.writeFile(chunk));
    }
  }
  const kept = undo.move();
  return {
    ...{ cid: hasher.finish(), size },
    segments: [{ path, offset: 0, length: size }],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function lookAt(path: string, signal: AbortSignal): Promise<PassingFile> {
  using source = new SourceFile(path);
  const hasher = new FileHasher(sha256);
  const bytes = createReadStream('', { fd: source.fd, start: 0, autoClose: false });
  await onFile(path, async () => {
    for await (const chunk of bytes) {
      throwIfAborted(signal);
      hasher.add(chunk);
    }
  });
  source.assertUnchanged();
  const { size } = source;
  return {
    ...{ cid: hasher.finish(), size },
    segments: [{ path, offset: 0, length: size }],
    async [Symbol.asyncDispose]() {},
  };
}
