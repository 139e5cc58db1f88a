import { ArchiveError } from '../core/errors.ts';

/** The failure of a read that met something `ledger.db` must hold and does not. */
export function damaged(what: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    'home_corrupt',
    `the ledger is damaged: ${what}; run "ringfence verify" for the whole extent, and restore the home from a backup: "ringfence restore --from BACKUP --home NEW"`,
    { cause },
  );
}
