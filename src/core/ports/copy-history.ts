import type { Did } from '../entries/did-key.ts';

/** How another node stood at one moment, as far as this home knew. */
export interface CopySample {
  readonly did: Did;
  /** RFC 3339 in UTC, whole seconds. */
  readonly at: string;
  readonly connected: boolean;
  /** Entries of its log that were not here, and the other way round; null before its first word. */
  readonly toTake: number | null;
  readonly toGive: number | null;
  /** Assets that its replica policy covered; of these, those with a standing proof, and those lost since. */
  readonly wanted: number;
  readonly proven: number;
  readonly lost: number;
}

/** What a home remembers of how its partners stood: the home's own affair, of which no verdict knows. */
export interface CopyHistory {
  /** Returns what is kept (`core/sharing/kept-samples.ts`), the oldest first. */
  read(): readonly CopySample[];

  /**
   * Adds what was seen at `at`, and lets go of what is too old. Durable when the promise resolves.
   *
   * @throws {ArchiveError} `disk_full`, `file_unreadable`.
   */
  add(samples: readonly CopySample[], at: string): Promise<void>;
}
