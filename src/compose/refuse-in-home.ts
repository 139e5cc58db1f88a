import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveError } from '../core/errors.ts';
import { exists } from './home.ts';

/** Which files make a folder one of an archive: a home, or a folder of packs. */
const MARKS: readonly (readonly string[])[] = [
  ['ringfence.json', 'key.pem'],
  ['ringfence-packs.json'],
];

/**
 * Refuses to write beside an archive's own files: a folder that is a home or a folder of packs, of this
 * archive or of another, or lies in one, also by way of symbolic links. It need not be there yet.
 *
 * @throws {ArchiveError} `usage_invalid` naming the folder and the home.
 */
export async function refuseInHome(folder: string): Promise<void> {
  let place = await realPlaceOf(resolve(folder));
  for (;;) {
    if (await isOwn(place)) {
      throw new ArchiveError(
        'usage_invalid',
        `${folder} lies in ${place}, where an archive keeps its own files; name a folder outside of it`,
      );
    }
    const parent = dirname(place);
    if (parent === place) return;
    place = parent;
  }
}

async function isOwn(folder: string): Promise<boolean> {
  for (const names of MARKS) {
    const found = await Promise.all(names.map((name) => exists(join(folder, name))));
    if (found.every(Boolean)) return true;
  }
  return false;
}

/** Returns where a path really is, as far as it is there at all. */
async function realPlaceOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const parent = dirname(path);
  return parent === path ? path : realPlaceOf(parent);
}
