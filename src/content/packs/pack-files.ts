import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import { toStorageError } from '../storage-error.ts';
import { syncFolder } from './durable-file.ts';
import { PACK_HEADER } from './pack-format.ts';
import type { PackDirectory } from './pack-index.ts';

/** A pack file as it lies on disk. */
export interface PackFile {
  readonly id: number;
  readonly directory: PackDirectory;
  readonly path: string;
}

const PACK_NAME = /^(\d{8})\.car$/;

/**
 * The pack files in all directories and their open descriptors. Packs are numbered through, whatever
 * directory they lie in: together they are one log.
 *
 * A descriptor stays open until the end, one per pack that was used.
 */
export class PackFiles implements Disposable {
  readonly #directories: readonly PackDirectory[];
  readonly #packs = new Map<number, PackFile>();
  readonly #descriptors = new Map<number, { readonly fd: number; readonly isWritable: boolean }>();
  /** Read-only descriptors that were replaced by writable ones; a reader may still be using them. */
  readonly #retired: number[] = [];

  /**
   * Lists the packs in these directories.
   *
   * @throws {ArchiveError} `home_corrupt` if two files have one number, or a folder cannot be read.
   */
  constructor(directories: readonly PackDirectory[]) {
    this.#directories = directories;
    for (const directory of directories) {
      for (const name of listFolder(directory.path)) {
        const id = Number(PACK_NAME.exec(name)?.[1] ?? Number.NaN);
        if (Number.isNaN(id)) continue;
        const twin = this.#packs.get(id);
        const path = join(directory.path, name);
        if (twin !== undefined) {
          throw new ArchiveError(
            'home_corrupt',
            `${path} and ${twin.path} are the same pack; move the wrong one away`,
          );
        }
        this.#packs.set(id, { id, directory, path });
      }
    }
  }

  /** The numbers of the packs on disk, ascending. */
  get ids(): number[] {
    return [...this.#packs.keys()].sort((a, b) => a - b);
  }

  get(id: number): PackFile | undefined {
    return this.#packs.get(id);
  }

  /** Returns the pack's path, or its bare name if no directory has it. */
  pathOf(id: number): string {
    return this.#packs.get(id)?.path ?? fileName(id);
  }

  /**
   * Returns the size of the file in bytes.
   *
   * @throws {ArchiveError} `home_corrupt`.
   */
  sizeOf(id: number): number {
    return this.#attempt(id, () => statSync(this.#packOf(id).path).size);
  }

  /** Returns when the file or what the system says of it was changed last, in ms. Fails as `sizeOf`. */
  changedAt(id: number): number {
    return this.#attempt(id, () => statSync(this.#packOf(id).path).ctimeMs);
  }

  /**
   * Returns a descriptor to read the pack, and to write if it was opened for that before.
   *
   * @throws {ArchiveError} `home_corrupt` if the file is missing or cannot be opened.
   */
  descriptor(id: number): number {
    return this.#descriptors.get(id)?.fd ?? this.#open(id, 'r');
  }

  /** Returns a descriptor to write the pack. Fails as {@link PackFiles.descriptor} does. */
  writable(id: number): number {
    const open = this.#descriptors.get(id);
    if (open?.isWritable) return open.fd;
    if (open !== undefined) this.#retired.push(open.fd);
    return this.#open(id, 'r+');
  }

  /**
   * Makes an empty pack in the directory with most room. Its name is durable when this returns.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`.
   */
  create(id: number): PackFile {
    const directory = this.roomiest();
    const pack = { id, directory, path: join(directory.path, fileName(id)) };
    return this.#attempt(id, () => {
      const fd = openSync(pack.path, 'wx+', 0o644);
      this.#packs.set(id, pack);
      this.#descriptors.set(id, { fd, isWritable: true });
      try {
        writeFileSync(fd, PACK_HEADER);
        fsyncSync(fd);
        syncFolder(directory.path);
      } catch (error) {
        this.remove(id);
        throw error;
      }
      return pack;
    });
  }

  /** Cuts the pack off at this length. */
  truncate(id: number, length: number): void {
    this.#attempt(id, () => ftruncateSync(this.writable(id), length));
  }

  /** Deletes a pack that holds nothing committed. */
  remove(id: number): void {
    const { path } = this.#packOf(id);
    const open = this.#descriptors.get(id);
    if (open !== undefined) closeSync(open.fd);
    this.#attempt(id, () => unlinkSync(path));
    this.#descriptors.delete(id);
    this.#packs.delete(id);
  }

  /** Returns the directory with most room. */
  roomiest(): PackDirectory {
    const [first, ...others] = this.#directories;
    if (first === undefined) throw new ArchiveError('internal', 'the store has no pack directory');
    return others.reduce((best, next) => (freeBytes(next) > freeBytes(best) ? next : best), first);
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#descriptors.values()) closeSync(fd);
    for (const fd of this.#retired) closeSync(fd);
    this.#descriptors.clear();
    this.#retired.length = 0;
  }

  #open(id: number, flags: 'r' | 'r+'): number {
    const fd = this.#attempt(id, () => openSync(this.#packOf(id).path, flags));
    this.#descriptors.set(id, { fd, isWritable: flags === 'r+' });
    return fd;
  }

  #packOf(id: number): PackFile {
    const pack = this.#packs.get(id);
    if (pack !== undefined) return pack;
    throw new ArchiveError(
      'home_corrupt',
      `the pack ${fileName(id)} is missing from ${this.#directories.map(({ path }) => path).join(', ')}; ` +
        'restore it from a backup',
    );
  }

  #attempt<T>(id: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStorageError(this.pathOf(id), error);
    }
  }
}

/** Returns how many bytes an ordinary user may still write in the directory. */
export function freeBytes(directory: PackDirectory): number {
  try {
    const { bavail, bsize } = statfsSync(directory.path);
    return bavail * bsize;
  } catch (error) {
    throw toStorageError(directory.path, error);
  }
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw toStorageError(path, error);
  }
}

function fileName(id: number): string {
  return `${String(id).padStart(8, '0')}.car`;
}
