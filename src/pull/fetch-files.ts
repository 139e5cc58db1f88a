import type { WantedFile } from './agree.ts';
import { type FetchedFile, fetchFile } from './fetch-file.ts';
import type { PullParts } from './parts.ts';
import type { PullFolder } from './pull-folder.ts';
import type { EarlierPull } from './reuse-file.ts';

export interface PullTelling {
  readonly signal: AbortSignal;
  notice(text: string): void;
  progress(done: PullProgress): void;
}

export interface PullProgress {
  readonly files: number;
  readonly expectedFiles: number;
  readonly bytes: number;
  readonly expectedBytes: number;
}

interface FetchHow {
  readonly parallel: number;
  readonly earlier: EarlierPull | undefined;
  /** What the same pull has fetched before: progress counts it. */
  readonly before?: readonly FetchedFile[];
}

/** Fetches files, some at once; the first failure ends the others. @throws as {@link fetchFile}. */
export async function fetchFiles(
  wanted: readonly WantedFile[],
  folder: PullFolder,
  { parallel, earlier, before = [] }: FetchHow,
  parts: PullParts,
  telling: PullTelling,
): Promise<readonly FetchedFile[]> {
  const [bytes, toCome] = [bytesOf(before), bytesOf(wanted)];
  const expected = { expectedFiles: before.length + wanted.length, expectedBytes: bytes + toCome };
  const progress = { files: before.length, bytes, ...expected };
  const failed = new AbortController();
  const options = {
    ...{ folder: folder.path, unfinished: folder.unfinished, notice: telling.notice },
    ...{ isFinished: folder.finished !== undefined, earlier },
    signal: AbortSignal.any([telling.signal, failed.signal]),
    onBytes(more: number) {
      progress.bytes += more;
      telling.progress(progress);
    },
  };
  const files: FetchedFile[] = [];
  let failure: unknown;
  const waiting = wanted.entries();
  async function work(): Promise<void> {
    for (const [index, file] of waiting) {
      if (failed.signal.aborted) return;
      // Nodes share the files among them.
      const turn = index % file.holders.length;
      const holders = [...file.holders.slice(turn), ...file.holders.slice(0, turn)];
      files[index] = await fetchFile({ ...file, holders }, parts, options);
      progress.files += 1;
      telling.progress(progress);
    }
  }
  const workers = Array.from({ length: Math.min(parallel, wanted.length) }, () =>
    work().catch((error) => {
      failure ??= error;
      failed.abort();
    }),
  );
  await Promise.all(workers);
  if (failure !== undefined) throw failure;
  return files;
}

function bytesOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
