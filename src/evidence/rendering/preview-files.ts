import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import type { Preview } from '../../core/ports/rendering.ts';

/** Room for twenty thousand or so. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Ends the name of a file that is being written. */
const WRITING = '.new';

/** What stands before the bytes in a file, on a line of its own. */
const header = z.strictObject({ mediaType: z.string(), size: z.number() });

/**
 * Previews in a folder, each in a file `XY/CID` by the last letters of its asset. The oldest give way when there are too
 * many bytes. What cannot be read is not there, and what cannot be written is not kept.
 */
export class PreviewFiles {
  readonly #folder: string;
  readonly #mostBytes: number;
  /** Bytes in the folder; undefined until something is kept. */
  #size: Promise<number> | undefined;

  constructor(folder: string, mostBytes = MOST_BYTES) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  async find(asset: Cid): Promise<Preview | undefined> {
    try {
      const file = await readFile(this.#pathOf(asset));
      const end = file.indexOf('\n');
      const { mediaType, size } = header.parse(JSON.parse(file.toString('utf8', 0, end)));
      const bytes = file.subarray(end + 1);
      return bytes.length === size ? { mediaType, bytes } : undefined;
    } catch {
      return undefined;
    }
  }

  async keep(asset: Cid, { mediaType, bytes }: Preview): Promise<void> {
    const path = this.#pathOf(asset);
    const line = `${JSON.stringify({ mediaType, size: bytes.length })}\n`;
    const file = Buffer.concat([Buffer.from(line), bytes]);
    try {
      this.#size ??= this.#list().then(sumOf);
      await this.#size;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const written = path + WRITING;
      await writeFile(written, file, { mode: 0o600 });
      await rename(written, path);
      this.#size = this.#added(file.length);
      await this.#size;
    } catch {
      this.#size = undefined;
    }
  }

  async forget(asset: Cid): Promise<void> {
    const path = this.#pathOf(asset);
    // A killed process may have left one that it was writing.
    for (const one of [path, path + WRITING]) await rm(one, { force: true });
  }

  async #added(length: number): Promise<number> {
    const size = ((await this.#size) ?? 0) + length;
    return size > this.#mostBytes ? this.#makeRoom() : size;
  }

  /** Deletes the oldest until a fifth of the room is free. Returns how many bytes are left. */
  async #makeRoom(): Promise<number> {
    const files = (await this.#list()).toSorted((one, other) => one.at - other.at);
    let size = sumOf(files);
    for (const file of files) {
      if (size <= this.#mostBytes * 0.8) break;
      await rm(file.path, { force: true });
      size -= file.size;
    }
    return size;
  }

  async #list(): Promise<readonly KeptFile[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const files: KeptFile[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined) files.push({ path, size: found.size, at: found.mtimeMs });
    }
    return files;
  }

  #pathOf(asset: Cid): string {
    return join(this.#folder, asset.slice(-2), asset);
  }
}

interface KeptFile {
  readonly path: string;
  readonly size: number;
  readonly at: number;
}

function sumOf(files: readonly KeptFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
