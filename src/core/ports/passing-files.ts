import type { Cid } from '../cid.ts';
import type { Segment } from './content-store.ts';

/** A file that is looked at and not kept. Whoever has it disposes it. */
export interface PassingFile extends AsyncDisposable {
  /** As it would be if it were stored. */
  readonly cid: Cid;
  readonly size: number;
  /** Where its bytes lie until it is disposed. */
  readonly segments: readonly Segment[];
}

/** Files that pass through and are not taken in. */
export interface PassingFiles {
  /**
   * Writes bytes into a private file, which is deleted when it is disposed, and after a crash before the
   * home is used again.
   *
   * @throws {ArchiveError} `too_large` as soon as more than `maxBytes` have come; `disk_full`, and what
   * reading the bytes throws. Then nothing of them stays.
   */
  take(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<PassingFile>;

  /**
   * Looks at a file of this machine where it lies; disposing leaves it there.
   *
   * @throws {ArchiveError} `file_unreadable`, `file_changed`, `aborted`.
   */
  open(path: string, signal: AbortSignal): Promise<PassingFile>;
}
