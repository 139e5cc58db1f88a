import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WORDS } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Agreement } from './agree.ts';
import type { PullFolder } from './pull-folder.ts';
import { type Pulled, readPulled } from './pulled.ts';
import type { EarlierPull } from './reuse-file.ts';

const NAME = 'skip.txt';

/**
 * Writes `skip.txt`: keys of samples that a run which goes on with the earlier folder is to leave out, one a
 * line. It lies in the new folder, and beside the earlier shards, where the run finds it, if that can be.
 *
 * @returns how many keys there are.
 */
export async function writeSkips(
  earlier: EarlierPull,
  pulled: Pulled,
  folder: Pick<PullFolder, 'write'>,
  notice: (text: string) => void,
): Promise<number> {
  const known = new Set(earlier.pulled.withheld.map(({ asset }) => asset));
  const keys = pulled.withheld.flatMap(({ asset }) => (known.has(asset) ? [] : [asset])).sort();
  const text = keys.map((key) => `${key}\n`).join('');
  await folder.write(NAME, text);
  const beside = join(earlier.folder, NAME);
  await writeFile(beside, text).catch((error: unknown) => {
    notice(`${beside} could not be written (${error}); the new folder has it`);
  });
  return keys.length;
}

/** Says whether an earlier pull is what would be pulled now: nothing more withdrawn, no more words erased. */
export function isUpToDate(
  { pulled: { release, withheld, files } }: EarlierPull,
  now: Pick<Agreement, 'release' | 'manifest' | 'withdrawn' | 'offers'>,
): boolean {
  const isSame = release === now.release && withheld.length === now.withdrawn.size;
  if (!isSame || !withheld.every(({ asset }) => now.withdrawn.has(asset))) return false;
  return WORDS.every((name) => {
    const known = [files.find((file) => file.name === name), now.manifest.files[name]];
    const told = now.offers.flatMap(({ word }) => word.files?.[name] ?? []);
    return told.every(({ sha256 }) => known.some((one) => one?.sha256 === sha256));
  });
}

/** @throws {ArchiveError} `usage_invalid` for a folder that no pull was finished in; `release_invalid`. */
export async function openEarlier(folder: string): Promise<EarlierPull> {
  const pulled = await readPulled(folder);
  if (pulled !== undefined) return { folder, pulled };
  throw new ArchiveError(
    'usage_invalid',
    `${folder} holds no finished pull; "pull" without --update fills one`,
  );
}
