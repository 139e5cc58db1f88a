import type { Sending } from './deposit-queue.ts';
import type { Matched } from './match-rows.ts';

/** What holds for every file of a deposit. */
export interface Terms {
  readonly collection: string;
  /** Whether the institution of this node holds the works. */
  readonly custody: boolean;
}

/** Returns files as they are sent, by the names that an upload takes. */
export function sendingsOf(
  files: readonly Matched[],
  { collection, custody }: Terms,
): Pick<Sending, 'place' | 'file' | 'said'>[] {
  return files.map(({ place, file, row }) => ({
    ...{ place, file },
    said: { ...row?.words, name: place, collection, custody: String(custody) },
  }));
}
