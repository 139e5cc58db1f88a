import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backups } from '../core/ports/backup.ts';
import type { CommittedPack, ContentProblem } from '../core/ports/content-store.ts';
import { copyParts, type FilePart, sumFile } from './copy-file.ts';
import type { BackupFile } from './manifest.ts';

/** The packs of a home, as they are copied. */
export interface PackSource {
  readonly packs: readonly CommittedPack[];
  /** Reads one pack and yields what is wrong with it. */
  readonly verifyPack: (
    name: string,
    signal: AbortSignal | undefined,
  ) => AsyncIterable<ContentProblem>;
}

/** After so many the list says nothing new. */
const MOST_PROBLEMS = 10_000;

/** What lies in the backup once packs have been copied. */
export interface CopiedPacks {
  readonly files: readonly BackupFile[];
  /** What was copied now. */
  readonly bytes: number;
  readonly packs: number;
  readonly problems: readonly ContentProblem[];
}

type Watching = Pick<Parameters<Backups['take']>[0], 'signal' | 'onProgress'>;

/**
 * Copies packs into a backup. A pack that lies there with its length, and of which nothing was destroyed
 * since, is as it was and not copied again. One that is damaged is copied as far as it is there, but never
 * over sound bytes that the backup has of it; the next backup looks at it again.
 *
 * @throws {ArchiveError} `disk_full`, `file_unreadable`, `aborted`.
 */
export async function copyPacks(
  { packs, verifyPack }: PackSource,
  out: string,
  earlier: readonly BackupFile[],
  { signal, onProgress }: Watching,
): Promise<CopiedPacks> {
  const known = new Map(earlier.map((file) => [file.path, file]));
  const files: BackupFile[] = [];
  const problems: ContentProblem[] = [];
  const due: CommittedPack[] = [];
  for (const pack of packs) {
    const file = known.get(`packs/${pack.name}`);
    if (file !== undefined && (await isAsItWas(pack, file, out))) files.push(file);
    else due.push(pack);
  }
  const expectedBytes = due.reduce((sum, { length }) => sum + length, 0);
  let bytes = 0;
  const onBytes = (read: number) => {
    bytes += read;
    onProgress?.({ bytes, expectedBytes });
  };
  for (const pack of due) {
    const name = `packs/${pack.name}`;
    let isSound = true;
    for await (const problem of verifyPack(pack.name, signal)) {
      isSound = false;
      if (problems.length < MOST_PROBLEMS) problems.push(problem);
    }
    const length = Math.min(pack.length, await sizeOf(pack.path));
    const isDamaged = !isSound || length < pack.length;
    const sound = isDamaged ? await soundCopy(pack, known.get(name), out, signal) : undefined;
    const parts: FilePart[] = [
      { path: join(out, name), from: 0, to: sound?.size ?? 0 },
      { path: pack.path, from: sound?.size ?? 0, to: length },
    ].filter(({ from, to }) => from < to);
    if (parts.length === 0) {
      // Nothing of the pack is left; an earlier copy must not keep what was destroyed since.
      if (known.get(name)?.wipedBytes !== pack.wipedBytes)
        await rm(join(out, name), { force: true });
      continue;
    }
    const summed = await copyParts(parts, join(out, name), () => undefined, { signal, onBytes });
    const { wipedBytes } = pack;
    files.push({ path: name, ...summed, wipedBytes, ...(isDamaged ? { isDamaged } : {}) });
  }
  return { files, bytes, packs: due.length, problems };
}

async function isAsItWas(pack: CommittedPack, file: BackupFile, out: string): Promise<boolean> {
  return (
    file.isDamaged !== true &&
    file.size === pack.length &&
    file.wipedBytes === pack.wipedBytes &&
    (await sizeOf(join(out, file.path))) >= pack.length
  );
}

/** Returns an earlier copy whose bytes still count: nothing in it was destroyed since, and it is unharmed. */
async function soundCopy(
  pack: CommittedPack,
  file: BackupFile | undefined,
  out: string,
  signal: AbortSignal | undefined,
): Promise<BackupFile | undefined> {
  if (file === undefined || file.wipedBytes !== pack.wipedBytes) return undefined;
  const path = join(out, file.path);
  if ((await sizeOf(path)) < file.size) return undefined;
  return (await sumFile(path, file.size, { signal })).sha256 === file.sha256 ? file : undefined;
}

/** Returns the size of a file in bytes; -1 if it is not there. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return -1;
  }
}
