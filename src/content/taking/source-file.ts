import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ArchiveError } from '../../core/errors.ts';
import { toSourceError } from '../storage-error.ts';

/**
 * A file from outside, open for reading, that knows whether it changed since.
 *
 * Paths may be bytes, since names need not be UTF-8. A symbolic link at the end of the path is not
 * followed, and opening a pipe or a device does not wait for it.
 */
export class SourceFile implements Disposable {
  /** The path as text for people, quoted, so that newlines and broken characters can be seen. */
  readonly name: string;
  readonly fd: number;
  readonly size: number;
  readonly #before: BigIntStats;

  /** @throws {ArchiveError} `file_unreadable`, also for everything that is not an ordinary file. */
  constructor(path: string | Uint8Array) {
    const bytes = Buffer.from(path);
    this.name = JSON.stringify(bytes.toString());
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    if (bytes.includes(0)) {
      throw new ArchiveError('file_unreadable', `${this.name} is no path: it holds a zero byte`);
    }
    this.fd = this.#attempt(() => openSync(bytes, flags));
    try {
      this.#before = this.#attempt(() => fstatSync(this.fd, { bigint: true }));
      if (!this.#before.isFile()) {
        throw new ArchiveError('file_unreadable', `${this.name} is not an ordinary file`);
      }
      this.size = Number(this.#before.size);
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
  }

  /**
   * Returns all bytes of the file, in a buffer that is longer than its size.
   *
   * @throws {ArchiveError} `file_changed` if there are more or fewer than its size says.
   */
  readInto(buffer: Buffer): Buffer {
    // One byte more than there should be, to notice a file that grows or lies about its size.
    const wanted = this.size + 1;
    let length = 0;
    for (;;) {
      const rest = wanted - length;
      const count = this.#attempt(() => readSync(this.fd, buffer, length, rest, length));
      length += count;
      if (count === 0 || length === wanted) break;
    }
    if (length !== this.size) throw this.changed();
    return buffer.subarray(0, length);
  }

  /**
   * Returns if nobody wrote to the file since it was opened, as far as its size and times tell.
   *
   * @throws {ArchiveError} `file_changed`.
   */
  assertUnchanged(): void {
    const now = this.#attempt(() => fstatSync(this.fd, { bigint: true }));
    const { size, mtimeNs, ctimeNs } = this.#before;
    if (now.size !== size || now.mtimeNs !== mtimeNs || now.ctimeNs !== ctimeNs)
      throw this.changed();
  }

  changed(): ArchiveError {
    return new ArchiveError(
      'file_changed',
      `${this.name} changed while it was being read; nothing of it was stored, try again when it is at rest`,
      { retryable: true },
    );
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toSourceError(this.name, error);
    }
  }
}
