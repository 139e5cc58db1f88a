import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupSource } from '../../backup/take-backup.ts';
import { takeBackup } from '../../backup/take-backup.ts';
import type { PackContentStore } from '../../content/pack-content-store.ts';
import { onFile } from '../../core/file-fault.ts';
import type { Backups } from '../../core/ports/backup.ts';
import type { Clock } from '../../core/ports/environment.ts';
import { SqliteCosignerMemory } from '../../ledger/checkpoints/cosigner-memory.ts';
import type { SqliteLedger } from '../../ledger/sqlite-ledger.ts';
import { exists, FOLDERS_OF_WORDS, type HomePaths } from '../home.ts';
import { refuseInHome } from '../refuse-in-home.ts';

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
      // Its packs may lie elsewhere: a folder of packs would be taken for that of the backup.
      for (const folder of [options.out, join(options.out, 'packs')]) await refuseInHome(folder);
      const databases = new Map([['ledger.db', (path: string) => ledger.copyTo(path)]]);
      if (await exists(paths.witness)) {
        databases.set('witness.db', (path) => SqliteCosignerMemory.copy(paths.witness, path));
      }
      const source: BackupSource = {
        archive: ledger.address,
        did: ledger.self.did,
        clock,
        keyPath: paths.key,
        files: () => smallFiles(paths),
        databases,
        scratch: paths.home,
        entries: () => ledger.size(),
        packs: () => content.packs(),
        verifyPack: (name, signal) => content.verifyPack(name, signal),
      };
      return takeBackup(source, options);
    },
  };
}

/** What neither ledger nor packs hold and nobody can make again, each as it is called in the backup. */
async function smallFiles(paths: HomePaths): Promise<ReadonlyMap<string, string>> {
  const files = new Map([['ringfence.json', paths.settings]]);
  if (await exists(paths.webhooks)) files.set('webhooks.json', paths.webhooks);
  for (const name of FOLDERS_OF_WORDS) {
    for (const path of await jsonIn(paths[name]))
      files.set(`${name}/${path}`, join(paths[name], path));
  }
  return files;
}

/** Returns the finished files of a folder and those below it; none where there is no folder. */
async function jsonIn(folder: string): Promise<readonly string[]> {
  if (!(await exists(folder))) return [];
  const paths = await onFile(folder, () => readdir(folder, { recursive: true }));
  return paths.filter((path) => path.endsWith('.json')).sort();
}
