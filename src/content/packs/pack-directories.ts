import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { toStorageError } from '../storage-error.ts';
import { writeDurably } from './durable-file.ts';
import type { PackDirectory } from './pack-index.ts';

const MARKER_FILE = 'ringfence-packs.json';

/** What the marker file in every pack directory says. */
const markerSchema = z.object({
  format: z.literal(1),
  store: z.string(),
  directory: z.string(),
  /** All directories of the store, so that one that is not mounted is missed. */
  directories: z.array(z.string()),
});

type Marker = z.infer<typeof markerSchema>;

/** What the index remembers. */
export interface RememberedDirectories {
  readonly storeId: string;
  readonly directories: readonly PackDirectory[];
  /** Ids of the directories that hold packs. */
  readonly needed: ReadonlySet<string>;
}

/**
 * Returns the store's id and its directories, each recognised by the marker file in it.
 *
 * A path that was never used becomes a directory of the store; durable when it returns. Directories
 * may be moved: their ids are known, not their paths.
 *
 * @throws {ArchiveError} `home_corrupt` if a directory that holds packs is not among `paths`, a
 * marker is missing where one was, or a directory belongs to another store.
 */
export async function openPackDirectories(
  paths: readonly string[],
  remembered: RememberedDirectories | undefined,
): Promise<{ readonly storeId: string; readonly directories: readonly PackDirectory[] }> {
  const found = paths.map((path) => ({ path: resolve(path), marker: readMarker(resolve(path)) }));
  const storeId =
    remembered?.storeId ?? found.find(({ marker }) => marker)?.marker?.store ?? randomId();
  const directories: PackDirectory[] = [];
  for (const { path, marker } of found) {
    if (marker !== undefined && marker.store !== storeId) {
      throw new ArchiveError(
        'home_corrupt',
        `${path} holds packs of another archive; name the directory that belongs to this one`,
      );
    }
    directories.push({ id: marker?.directory ?? (await adopt(path, remembered)), path });
  }
  const ids = directories.map(({ id }) => id);
  const duplicate = directories.find(({ id }, index) => ids.indexOf(id) !== index);
  if (duplicate !== undefined) {
    throw new ArchiveError(
      'home_corrupt',
      `${duplicate.path} is a copy of another pack directory of this archive; name only one of them`,
    );
  }
  // Without an index nobody knows which directories hold packs: then every sibling is needed.
  const siblings = found.flatMap(({ marker }) => marker?.directories ?? []);
  const needed = remembered?.needed ?? new Set(siblings);
  for (const id of needed) if (!ids.includes(id)) throw missing(id, remembered);
  for (const { path, id } of directories) {
    const marker: Marker = { format: 1, store: storeId, directory: id, directories: ids };
    const current = found.find((entry) => entry.path === path)?.marker;
    if (JSON.stringify(current) !== JSON.stringify(marker)) writeMarker(path, marker);
  }
  return { storeId, directories };
}

/**
 * Marks a folder of restored packs as the only one of a store. Durable when it returns.
 *
 * @throws {ArchiveError} `disk_full`, `home_corrupt`.
 */
export function markRestoredPacks(path: string): void {
  const directory = randomId();
  writeMarker(path, { format: 1, store: randomId(), directory, directories: [directory] });
}

function readMarker(path: string): Marker | undefined {
  const file = join(path, MARKER_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return markerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new ArchiveError(
      'home_corrupt',
      `${file} is damaged or of a newer version; restore it from a backup`,
      { cause },
    );
  }
}

function writeMarker(path: string, marker: Marker): void {
  const file = join(path, MARKER_FILE);
  try {
    writeDurably(file, `${JSON.stringify(marker, null, 2)}\n`);
  } catch (error) {
    throw toStorageError(file, error);
  }
}

/** Returns the id of a directory that is used for the first time, and makes it if it is missing. */
async function adopt(path: string, remembered: RememberedDirectories | undefined): Promise<string> {
  const known = remembered?.directories.find((directory) => directory.path === path);
  if (known !== undefined && remembered?.needed.has(known.id)) throw missing(known.id, remembered);
  try {
    await makeFolder(path, { mkdir, stat, dirname });
    if (readdirSync(path).some((name) => name.endsWith('.car'))) {
      throw new ArchiveError(
        'home_corrupt',
        `${path} holds packs, but its marker ${MARKER_FILE} is missing; restore it from a backup`,
      );
    }
  } catch (error) {
    throw toStorageError(path, error);
  }
  return randomId();
}

function missing(id: string, remembered: RememberedDirectories | undefined): ArchiveError {
  const path = remembered?.directories.find((directory) => directory.id === id)?.path;
  const where = path === undefined ? '' : `, last seen as ${path},`;
  return new ArchiveError(
    'home_corrupt',
    `the pack directory ${id}${where} is not there; mount it, or name the path it has now`,
  );
}

function randomId(): string {
  return randomBytes(16).toString('hex');
}
