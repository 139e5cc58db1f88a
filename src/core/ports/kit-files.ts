/** What a working file is, as far as its first bytes tell. */
export type KitForm = 'layered' | 'raw' | 'film' | 'other';

/** Looks at working files, which stay where they are. */
export interface KitFiles {
  /**
   * Returns the sha-256 of a file and its form.
   *
   * @throws {ArchiveError} `file_unreadable`, `aborted`.
   */
  read(
    path: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly sha256: string; readonly form: KitForm }>;
}
