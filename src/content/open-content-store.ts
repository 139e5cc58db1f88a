import { existsSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { ArchiveError } from '../core/errors.ts';
import type { ContentProblem } from '../core/ports/content-store.ts';
import { acquireOwnerLock } from '../sqlite/owner-lock.ts';
import { isDamage } from '../sqlite/sqlite-error.ts';
import { type BlockSource, PackBlockstore } from './ipfs/pack-blockstore.ts';
import { PackContentStore } from './pack-content-store.ts';
import { syncFolder } from './packs/durable-file.ts';
import { openPackDirectories, type RememberedDirectories } from './packs/pack-directories.ts';
import { PackFiles } from './packs/pack-files.ts';
import { type PackDirectory, PackIndex } from './packs/pack-index.ts';
import { PackReader } from './packs/pack-reader.ts';
import { PackTail } from './packs/pack-tail.ts';
import { PackWriter } from './packs/pack-writer.ts';
import { wipeAgain, wipeDead } from './packs/wipe-dead.ts';
import { recoverTail } from './recovering/recover-tail.ts';
import { FileReader } from './taking/file-reader.ts';
import { LeafWorkers } from './taking/leaf-workers.ts';

export interface ContentStoreOptions {
  /** The SQLite file of the index; it must lie on a local disk. Made, or made again, if missing. */
  readonly indexPath: string;
  /** Folders for packs, each perhaps on a disk of its own. New packs go where most room is. */
  readonly packDirectories: readonly string[];
  /** A folder to own while the store is open; leave it out if the caller owns the home already. */
  readonly lockFolder?: string;
  /** A pack is sealed when the next block would make it longer; 2 GiB by default. */
  readonly maxPackBytes?: number;
  /** Threads for large files; one per core by default. */
  readonly workers?: number;
  /** Blocks kept elsewhere that can be read through Helia. */
  readonly blockSources?: readonly BlockSource[];
}

const MAX_PACK_BYTES = 2 ** 31;

/**
 * Opens the content store, founding it if there is none. Only one process may have it open.
 *
 * What was committed is there; what was not is cut off. An index that is missing or damaged is made
 * again from the packs, which reads them all; the damaged one is kept beside it. Packs that are
 * missing or cut short do not keep the rest from being used: they are listed in `damage`.
 *
 * @throws {ArchiveError} `home_locked` naming the owner, `home_newer`, `home_corrupt` for a pack
 * directory that is not there or not this store's, `filesystem_unsuitable`, `disk_full`.
 */
export async function openContentStore(options: ContentStoreOptions): Promise<PackContentStore> {
  const { indexPath, packDirectories, lockFolder, maxPackBytes = MAX_PACK_BYTES } = options;
  await using opening = new AsyncDisposableStack();
  if (lockFolder !== undefined) opening.use(acquireOwnerLock(lockFolder));
  const remembered = existsSync(indexPath) ? readIndex(indexPath) : undefined;
  const { storeId, directories } = await openPackDirectories(packDirectories, remembered);
  const files = opening.use(new PackFiles(directories));
  const isLost = remembered === undefined && (files.ids.length > 0 || existsSync(indexPath));
  const rebuildDamage = isLost ? await rebuildIndex(indexPath, files, storeId, directories) : [];
  const index = opening.use(PackIndex.open(indexPath));
  index.identify(storeId, directories);
  const { position, damage } = await recoverTail(files, index);
  const unwiped = await finishWiping(files, index);
  const workers = opening.use(new LeafWorkers(options.workers ?? availableParallelism()));
  const fileReader = opening.use(new FileReader());
  const writer = new PackWriter(files, new PackTail(files, maxPackBytes, position), index);
  opening.defer(() => writer.sync([]));
  const reader = new PackReader(files, writer);
  const blockstore = new PackBlockstore({ reader, writer, index }, options.blockSources ?? []);
  const parts = { files, index, writer, reader, workers, fileReader, blockstore };
  const opened = opening.move();
  return new PackContentStore({ ...parts, damage: [...rebuildDamage, ...damage, ...unwiped] }, () =>
    opened.disposeAsync(),
  );
}

/** Overwrites what was given up and is in the packs yet; returns what keeps it from being overwritten. */
async function finishWiping(files: PackFiles, index: PackIndex): Promise<ContentProblem[]> {
  wipeAgain(files, index);
  try {
    await wipeDead(files, index);
    return [];
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const text = `bytes that were destroyed could not be overwritten: ${error.message}`;
    return [{ code: 'home_corrupt', subject: index.path, text }];
  }
}

/** Returns what the index knows of the directories; undefined if it is empty or damaged. */
function readIndex(path: string): RememberedDirectories | undefined {
  try {
    using index = PackIndex.open(path);
    const { storeId, directories, packs } = index;
    const needed = new Set(packs.map(({ directory }) => directory));
    return storeId === undefined ? undefined : { storeId, directories, needed };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}

/** Makes the index from the packs; only when it is complete does it take the old one's place. */
async function rebuildIndex(
  path: string,
  files: PackFiles,
  storeId: string,
  directories: readonly PackDirectory[],
): Promise<readonly ContentProblem[]> {
  const fresh = `${path}.rebuilding`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${fresh}${suffix}`, { force: true });
  let damage: readonly ContentProblem[];
  {
    using index = PackIndex.open(fresh);
    index.identify(storeId, directories);
    damage = (await recoverTail(files, index)).damage;
  }
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  if (existsSync(path)) renameSync(path, `${path}.damaged`);
  renameSync(fresh, path);
  syncFolder(dirname(path));
  return damage;
}
