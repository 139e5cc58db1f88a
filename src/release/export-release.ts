import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import { makeFolder } from '../core/make-folder.ts';
import type { ExportedRelease, ReleaseOptions } from '../core/ports/release.ts';
import { filesOf, type ReadRelease, type ReleaseFile } from './read-manifest.ts';
import type { ReleaseContent } from './release-content.ts';
import { syncFolder } from './sync-folder.ts';
import { linesLeft, wordsLeft } from './tables/words-left.ts';

/** Folders of unfinished files; a later export into the same folder clears them. */
const UNFINISHED = '.ringfence-export-';

/** A file as it is to be written; its chunks are not made before they are asked for. */
interface WrittenFile extends Omit<ReleaseFile, 'cid'> {
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Writes a release as files; see `Releases.export`. */
export async function exportRelease(
  { manifest, seals }: ReadRelease,
  folder: string,
  content: Pick<ReleaseContent, 'read' | 'getBlock'>,
  { signal, onProgress }: ReleaseOptions = {},
): Promise<ExportedRelease> {
  const files: WrittenFile[] = [];
  const erased: string[] = [];
  for (const file of filesOf(manifest)) {
    const left = await wordsLeft(file, content);
    if (left !== undefined) erased.push(file.name);
    const chunks =
      left === undefined ? chunksOf(file, content, signal) : linesLeft(file.cid, content);
    files.push({ ...file, ...left, chunks });
  }
  for (const { bytes, ...seal } of seals) files.push({ ...seal, chunks: [bytes] });
  const total = files.reduce((sum, { size }) => sum + size, 0);
  await onFile(folder, () => makeFolder(folder, { mkdir, stat, dirname }));
  // Everything that is there is looked at first, so that a conflict writes nothing.
  const kept = new Set<string>();
  for (const file of files) {
    throwIfAborted(signal);
    if (await isThere(folder, file)) kept.add(file.name);
  }
  await using unfinished = await openUnfinished(folder);
  let done = 0;
  const tell = (chunk: number) => {
    done += chunk;
    onProgress?.({ step: 'export', unit: 'bytes', done, total });
  };
  for (const file of files) {
    if (kept.has(file.name)) tell(file.size);
    else await write(folder, unfinished.path, file, tell);
  }
  await onFile(folder, () => syncFolder(folder));
  return { files: files.length, bytes: total, kept: kept.size, erased };
}

/** Whether the file is there with the right bytes. */
async function isThere(
  folder: string,
  { name, size, sha256 }: Omit<ReleaseFile, 'cid'>,
): Promise<boolean> {
  const path = join(folder, name);
  return await onFile(path, async () => {
    const found = await statOf(path);
    if (found === undefined) return false;
    if (!found.isFile() || found.size !== size || (await hashOf(path)) !== sha256) {
      throw conflict(path);
    }
    return true;
  });
}

async function write(
  folder: string,
  unfinished: string,
  { name, size, sha256, chunks }: WrittenFile,
  tell: (bytes: number) => void,
): Promise<void> {
  const path = join(folder, name);
  const sum = createHash('sha256');
  let done = 0;
  await onFile(path, async () => {
    {
      await using file = await open(join(unfinished, name), 'wx', 0o644);
      for await (const chunk of chunks) {
        sum.update(chunk);
        done += chunk.length;
        await file.writeFile(chunk);
        tell(chunk.length);
      }
      await file.sync();
    }
    if (done !== size || sum.digest('hex') !== sha256) {
      throw new ArchiveError(
        'release_invalid',
        `${name} does not have the size or sha-256 that release.json says; it was not written`,
      );
    }
    if ((await statOf(path)) !== undefined) throw conflict(path);
    await rename(join(unfinished, name), path);
  });
}

async function* chunksOf(
  { cid }: ReleaseFile,
  content: Pick<ReleaseContent, 'read'>,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  for await (const chunk of content.read(cid, signal === undefined ? {} : { signal })) {
    throwIfAborted(signal);
    yield chunk;
  }
}

async function openUnfinished(folder: string): Promise<{ path: string } & AsyncDisposable> {
  return await onFile(folder, async () => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || !entry.name.startsWith(UNFINISHED)) continue;
      await rm(join(folder, entry.name), { recursive: true, force: true });
    }
    const path = await mkdtemp(join(folder, UNFINISHED));
    return {
      path,
      [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
    };
  });
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function hashOf(path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(path)) sum.update(chunk);
  return sum.digest('hex');
}

function conflict(path: string): ArchiveError {
  return new ArchiveError(
    'export_conflict',
    `${path} is there already and is not this file of the release; move it, or name another folder`,
  );
}
