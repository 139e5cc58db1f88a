import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ArchiveError } from '../../core/errors.ts';
import { faultOf } from '../fault-of.ts';
import { quote } from '../quote.ts';

/** A pipe that nobody writes into would otherwise be waited for. Windows knows no such flag. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Bytes read around a record: many when records are read on in order, few when one is looked up. */
const AHEAD = 256 * 1024;
const AROUND = 8 * 1024;

/**
 * The bytes of an open catalogue file. What was read last is kept, so that records asked for in about
 * the order of the file cost no read each. Owns the file handle.
 */
export class CatalogueBytes implements AsyncDisposable {
  /** For messages. */
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #size: number;
  readonly #modifiedMs: number;
  #window: Buffer = Buffer.alloc(0);
  #windowOffset = 0;

  private constructor(handle: FileHandle, name: string, size: number, modifiedMs: number) {
    this.#handle = handle;
    this.name = name;
    this.#size = size;
    this.#modifiedMs = modifiedMs;
  }

  /** `name` is what messages call it. @throws {ArchiveError} `file_unreadable`. */
  static async open(path: string, name = path): Promise<CatalogueBytes> {
    try {
      const handle = await open(path, READ);
      try {
        const stats = await handle.stat();
        if (stats.isFile()) return new CatalogueBytes(handle, name, stats.size, stats.mtimeMs);
      } catch (error) {
        await handle.close();
        throw error;
      }
      await handle.close();
    } catch (cause) {
      throw new ArchiveError('file_unreadable', `the catalogue ${quote(name)} ${faultOf(cause)}`, {
        cause,
      });
    }
    throw new ArchiveError(
      'file_unreadable',
      `the catalogue ${quote(name)} is not a file; write it into one first`,
    );
  }

  /**
   * Returns up to `length` fresh bytes from `offset`; fewer only at the end of the file.
   *
   * @throws {ArchiveError} `file_unreadable`, `file_changed`.
   */
  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.#size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const room = bytes.length - filled;
      const { bytesRead } = await this.#attempt(() =>
        this.#handle.read(bytes, filled, room, offset + filled),
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    await this.#assertUnchanged();
    return bytes.subarray(0, filled);
  }

  /** Returns a copy of the bytes at a place that was found in this file. */
  async record(offset: number, length: number): Promise<Buffer> {
    const from = offset - this.#windowOffset;
    if (from < 0 || from + length > this.#window.length) {
      const isNext = from >= 0 && from - this.#window.length < AROUND;
      const size = isNext ? AHEAD : AROUND;
      this.#window = await this.read(offset, Math.max(length, size));
      this.#windowOffset = offset;
      return Buffer.from(this.#window.subarray(0, length));
    }
    return Buffer.from(this.#window.subarray(from, from + length));
  }

  async #assertUnchanged(): Promise<void> {
    const stats = await this.#attempt(() => this.#handle.stat());
    if (stats.size === this.#size && stats.mtimeMs === this.#modifiedMs) return;
    throw new ArchiveError(
      'file_changed',
      `the catalogue ${quote(this.name)} changed while it was in use; run again when it is finished`,
    );
  }

  async #attempt<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw new ArchiveError(
        'file_unreadable',
        `the catalogue ${quote(this.name)} ${faultOf(cause)}`,
        { cause },
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
