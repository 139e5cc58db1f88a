import type { ContentProblem } from './content-store.ts';

/** What a finished backup holds, and what it took to make it. */
export interface BackupReport {
  readonly folder: string;
  /** Entries of the ledger in it. */
  readonly entries: number;
  /** Packs in it. */
  readonly packs: number;
  /** Bytes of all files in it. */
  readonly bytes: number;
  /** Of these, the bytes that were copied now; the rest lay there already. */
  readonly copiedBytes: number;
  readonly copiedPacks: number;
  /** What is damaged in the packs that were copied now; what is whole of them is in the backup. The first 10,000. */
  readonly problems: readonly ContentProblem[];
}

/** Backups of this home, taken while it is in use. */
export interface Backups {
  /**
   * Copies the home into a folder: the ledger as one moment sees it, the key sealed with the passphrase,
   * and the packs that are not there yet. An earlier backup of this home in the folder is gone on from,
   * and is whole and valid until the new one is.
   *
   * Durable when the promise resolves.
   *
   * @throws {ArchiveError} `backup_invalid` if the folder holds a backup of another home or a damaged
   * one, `usage_invalid` for a passphrase that is too short or a folder that lies in a home, `disk_full`, `file_unreadable`, `aborted`.
   */
  take(options: {
    readonly out: string;
    readonly passphrase: string;
    /** Without them, restoring fetches the bytes from partners. */
    readonly withPacks: boolean;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: {
      readonly bytes: number;
      readonly expectedBytes: number;
    }) => void;
  }): Promise<BackupReport>;
}
