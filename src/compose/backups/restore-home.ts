import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeDurably } from '../../backup/durable.ts';
import { openBackup, restoreFiles } from '../../backup/restore-files.ts';
import { markRestoredPacks } from '../../content/packs/pack-directories.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { adoptLedger } from '../../ledger/tables/copy-ledger.ts';
import { acquireOwnerLock } from '../../sqlite/owner-lock.ts';
import { exists, FOLDERS_OF_WORDS, type HomePaths, homePaths, restoredSettings } from '../home.ts';
import { type Environs, systemEnvirons } from '../system.ts';

export interface RestoreOptions {
  /** The folder of the backup. */
  readonly from: string;
  readonly passphrase: string;
  /** There is no partner to ask for what is newer than the backup. */
  readonly isAlone: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readonly bytes: number; readonly expectedBytes: number }) => void;
}

export interface RestoredHome {
  readonly home: string;
  readonly archive: string;
  readonly did: string;
  readonly made: string;
  readonly entries: number;
  readonly withPacks: boolean;
  /** Whether it appends only after reaching a partner. */
  readonly isWaiting: boolean;
}

/** Lies in a home while it is being restored; with it, a restore may begin again. */
const MARKER = 'restoring';

/**
 * Makes a home out of a backup. Every file is compared with the manifest on its way; the home begins a
 * new tree and cannot contradict what the old one signed.
 *
 * Durable when the promise resolves. After a kill it is no home yet and the same call goes on.
 *
 * @throws {ArchiveError} `home_exists`, `home_locked`, `backup_invalid` naming the file that is damaged,
 * or for another passphrase; `disk_full`, `file_unreadable`, `aborted`.
 */
export async function restoreHome(
  home: string,
  options: RestoreOptions,
  environs: Environs = systemEnvirons,
): Promise<RestoredHome> {
  const { from, passphrase, isAlone } = options;
  const { manifest, pem } = await openBackup(from, passphrase);
  const paths = homePaths(home, ['packs']);
  await onFile(home, () => makeFolder(join(home, 'packs'), { mkdir, stat, dirname }, 0o700));
  using _owner = acquireOwnerLock(home);
  const marker = join(home, MARKER);
  await refuseHome(paths, marker);
  await writeDurably(marker, Buffer.from(`${from}\n`));
  for (const suffix of ['-wal', '-shm', '-journal', '-sums']) {
    await rm(`${paths.ledger}${suffix}`, { force: true });
  }
  await restoreFiles(from, manifest, (path) => targetOf(path, paths), options);
  markRestoredPacks(join(home, 'packs'));
  adoptLedger(paths.ledger, { epoch: environs.randomBytes(16), isAlone });
  await writeDurably(paths.key, Buffer.from(pem));
  const settings = join(from, manifest.state, 'ringfence.json');
  const text = restoredSettings(await onFile(settings, () => readFile(settings, 'utf8')));
  await writeDurably(paths.settings, Buffer.from(text));
  await onFile(marker, () => rm(marker));
  const { archive, home: did, made, entries, withPacks } = manifest;
  return { home, archive, did, made, entries, withPacks, isWaiting: !isAlone };
}

/** Where a file of a backup belongs; undefined for what is read by itself. */
function targetOf(path: string, paths: HomePaths): string | undefined {
  if (path.startsWith('packs/')) return join(paths.home, path);
  const [, first = '', ...rest] = path.split('/');
  const folder = FOLDERS_OF_WORDS.find((name) => name === first);
  if (folder !== undefined) return join(paths[folder], ...rest);
  const files: Readonly<Record<string, string>> = {
    'ledger.db': paths.ledger,
    'witness.db': paths.witness,
    'webhooks.json': paths.webhooks,
  };
  return files[first];
}

async function refuseHome(paths: HomePaths, marker: string): Promise<void> {
  // The settings are written last: with them it is a home, whatever else lies there.
  const isBegun = await exists(marker);
  for (const path of isBegun ? [paths.settings] : [paths.settings, paths.ledger, paths.key]) {
    if (!(await exists(path))) continue;
    throw new ArchiveError(
      'home_exists',
      `${paths.home} holds an archive already (${basename(path)}); name an empty folder with --home`,
    );
  }
}
