import { statfsSync } from 'node:fs';
import { ArchiveError } from '../core/errors.ts';

/**
 * Network file systems by the magic number that Linux `statfs(2)` gives, as in its manual page.
 * SQLite's write-ahead log needs memory shared through the file system and locks that hold;
 * these give neither (https://www.sqlite.org/wal.html, https://www.sqlite.org/howtocorrupt.html §2.1).
 */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
]);

/**
 * Returns if SQLite can keep a database in this folder. Other systems than Linux do not say what a
 * folder lies on in a portable way, so there nothing is refused.
 *
 * @throws {ArchiveError} `filesystem_unsuitable` if the folder lies on a network file system.
 */
export function assertLocalFileSystem(
  folder: string,
  statfs: (path: string) => { readonly type: number } = statfsSync,
): void {
  if (process.platform !== 'linux') return;
  const name = NETWORK_FILE_SYSTEMS.get(statfs(folder).type >>> 0);
  if (name === undefined) return;
  throw new ArchiveError(
    'filesystem_unsuitable',
    `${folder} lies on ${name}, where locks and shared memory do not hold and a database would ` +
      'break; put the home on a local disk (packs may stay on a network folder)',
  );
}
