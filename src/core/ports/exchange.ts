import type { Did } from '../entries/did-key.ts';

/** What was written into a file for another home. */
export interface ExportedFeed {
  readonly path: string;
  /** Entries in it, and in the whole log. */
  readonly entries: number;
  readonly size: number;
  readonly bytes: number;
}

/** A verdict that the log it is written with is to show, for whoever has nothing but the archive's address. */
export interface VerdictClaim {
  /** Manifest, charter and the documents that the charter names. */
  readonly papers: readonly Uint8Array[];
  /** The verdict, as `explain --json` gives it. */
  readonly verdict: string;
  /** The newest checkpoint that others have confirmed, with their signature lines. */
  readonly confirmed: { readonly note: string; readonly lines: readonly string[] } | null;
}

/** What a file of another home has brought. */
export interface ImportedFeed {
  /** The key of the home it comes from. */
  readonly from: Did;
  /** Entries that were not here before, and those that no node will accept. */
  readonly entries: number;
  readonly skipped: number;
  /** Entries in the other home's log when the file was written. */
  readonly size: number;
}

/** The arrival log as a file, for homes between which there is no line. */
export interface Exchanges {
  /**
   * Writes what arrived here from number `since` on, with the signed head of the log. Of records, those
   * that the recipient may have; none without one. Durable when the promise resolves.
   *
   * @throws {ArchiveError} `not_found` for a recipient who is no member, `usage_invalid` for a number beyond
   * the log, `disk_full`, `file_unreadable`, `aborted`.
   */
  exportFeed(
    path: string,
    options: {
      readonly since: number;
      readonly recipient?: Did;
      readonly claim?: VerdictClaim;
      readonly signal?: AbortSignal;
    },
  ): Promise<ExportedFeed>;

  /**
   * Takes what is in a file, checked as if it came over a line. What was taken is durable when this fails.
   *
   * @throws {ArchiveError} `input_invalid` for a file that is damaged, unfinished, of another archive, or
   * begins later than this home's knowledge of that log ends; `peer_equivocates`, `format_unknown`,
   * `disk_full`, `file_unreadable`, `aborted`.
   */
  importFeed(path: string, options?: { readonly signal?: AbortSignal }): Promise<ImportedFeed>;
}
