import { fdatasync, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { toStorageError } from '../storage-error.ts';
import type { PackRegion } from './commit-mark.ts';
import type { PackFiles } from './pack-files.ts';
import { MAX_FRAME_HEAD_BYTES, readFrameHead } from './pack-format.ts';
import type { PackIndex } from './pack-index.ts';
import { writeFully } from './write-fully.ts';

const fdatasyncAsync = promisify(fdatasync);

/**
 * Overwrites with zeros the blocks that were given up and have not been overwritten, and makes that
 * durable. Packs that are missing are left for when they are here again.
 *
 * Nobody may write packs or index meanwhile. It can be called again after a failure.
 *
 * @throws {ArchiveError} `home_corrupt` if a pack cannot be written; the others are done then.
 */
export async function wipeDead(files: PackFiles, index: PackIndex): Promise<void> {
  let failure: unknown;
  for (const id of files.ids) {
    try {
      for (let dead = index.unwiped(id); dead.length > 0; dead = index.unwiped(id)) {
        const fd = files.writable(id);
        const size = files.sizeOf(id);
        for (const region of dead) await wipe(fd, region, size);
        await fdatasyncAsync(fd);
        index.noteWiped(id, dead, files.changedAt(id));
      }
    } catch (error) {
      failure ??= toStorageError(files.pathOf(id), error);
    }
  }
  if (failure !== undefined) throw failure;
}

/**
 * Has {@link wipeDead} look again at packs whose files were changed since: one may have been restored
 * from a copy with all that it held then.
 */
export function wipeAgain(files: PackFiles, index: PackIndex): void {
  for (const { id, changedAt } of index.wipedPacks()) {
    if (files.get(id) === undefined || files.changedAt(id) !== changedAt) index.forgetWipes(id);
  }
}

/** The head of the frame stays, so that whoever reads the pack finds its way. */
async function wipe(fd: number, { start, end }: PackRegion, size: number): Promise<void> {
  const bytes = Buffer.alloc(MAX_FRAME_HEAD_BYTES);
  const head = readFrameHead(bytes, 0, readSync(fd, bytes, 0, bytes.length, start));
  const isSound = head !== undefined && start + head.dataOffset + head.dataLength === end;
  const from = isSound ? start + head.dataOffset : start;
  // Of a pack that is cut short, no byte comes behind its end.
  const length = Math.min(end, size) - from;
  if (length > 0) await writeFully(fd, Buffer.alloc(length), from);
}
