import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import type { WantedFile } from './agree.ts';
import type { Pulled } from './pulled.ts';

/** A folder that was pulled before; nothing in it is changed. */
export interface EarlierPull {
  readonly folder: string;
  readonly pulled: Pulled;
}

type PulledFile = Pulled['files'][number];

/**
 * Puts a file into place that an earlier pull has just so, by a hard link, or copied where there can be none.
 * It is read for its sha-256 first. Undefined where there is no such file, or it is damaged.
 */
export async function reuseFile(
  file: WantedFile,
  earlier: EarlierPull,
  path: string,
): Promise<PulledFile | undefined> {
  const same = earlier.pulled.files.find((one) => isSame(file, one, earlier.pulled));
  if (same === undefined) return undefined;
  const from = join(earlier.folder, same.name);
  try {
    const sum = createHash('sha256');
    for await (const chunk of createReadStream(from)) sum.update(chunk);
    if (sum.digest('hex') !== same.sha256) return undefined;
    // Other disks, and some file systems, have no links.
    await link(from, path).catch(() => copyFile(from, path, constants.COPYFILE_FICLONE));
    return same;
  } catch {
    // What cannot be read there is fetched.
    return undefined;
  }
}

function isSame(file: WantedFile, had: PulledFile, { release, withheld }: Pulled): boolean {
  const before = withheld.filter(({ shard }) => shard === had.name);
  if (file.withheld.size === 0) return had.cid === file.cid && had.sha256 === file.sha256;
  const isOfShard = had.name === file.name && release === file.release;
  return (
    isOfShard &&
    before.length === file.withheld.size &&
    before.every(({ asset }) => file.withheld.has(asset))
  );
}
