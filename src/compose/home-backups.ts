import type { BackupSource } from '../backup/take-backup.ts';
import { takeBackup } from '../backup/take-backup.ts';
import type { PackContentStore } from '../content/pack-content-store.ts';
import type { Backups } from '../core/ports/backup.ts';
import type { Clock } from '../core/ports/environment.ts';
import { SqliteCosignerMemory } from '../ledger/cosigner-memory.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { exists, type HomePaths } from './home.ts';

/** Returns what takes backups of a home that is open. */
export function homeBackups(home: {
  readonly paths: HomePaths;
  readonly ledger: SqliteLedger;
  readonly content: PackContentStore;
  readonly clock: Clock;
}): Backups {
  const { paths, ledger, content, clock } = home;
  return {
    async take(options) {
      const databases = new Map([['ledger.db', (path: string) => ledger.copyTo(path)]]);
      if (await exists(paths.witness)) {
        databases.set('witness.db', (path) => SqliteCosignerMemory.copy(paths.witness, path));
      }
      const source: BackupSource = {
        archive: ledger.address,
        did: ledger.self.did,
        clock,
        keyPath: paths.key,
        files: new Map([['ringfence.json', paths.settings]]),
        databases,
        scratch: paths.home,
        entries: () => ledger.size(),
        packs: () => content.packs(),
      };
      return takeBackup(source, options);
    },
  };
}
