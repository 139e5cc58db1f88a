import type { WantedFile } from './agree.ts';
import type { FileLeaves } from './file-leaves.ts';
import type { PartFile } from './part-file.ts';

/** Whoever has a file, and what it takes to believe its bytes. */
export interface FileHolder {
  /** Shows the blocks that the file has. @throws {ArchiveError} what the holder says or does wrong. */
  leaves(file: WantedFile): Promise<FileLeaves>;
  /**
   * Gives the rest of a file that was begun, until it is whole.
   *
   * @throws {ArchiveError} `peer_invalid` for bytes that are not those of its blocks; `peer_unreachable`;
   * what the holder says; `aborted`.
   */
  fill(part: PartFile, file: FileLeaves, filling: Filling): Promise<void>;
}

export interface Filling {
  readonly name: string;
  readonly signal: AbortSignal;
  /** Told how many bytes more are here. */
  onBytes(bytes: number): void;
}
