import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CODEC, cidFromDigest } from '../core/cid.ts';
import { onFile } from '../core/file-fault.ts';
import type { Sha256 } from '../core/hash.ts';
import type { FileLeaves } from './file-leaves.ts';

/** Windows has no such flag, and makes links for administrators alone. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** A file that grows block by block; each is hashed before it is written, or read back. */
export class PartFile implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #leaves: FileLeaves['leaves'];
  readonly #sha256: Sha256;
  readonly #sum: Hash = createHash('sha256');
  #leaf = 0;
  #offset = 0;
  /** The leaf that is coming, as far as it has; one for all leaves, since each would lie outside of V8's heap. */
  readonly #coming: Uint8Array;
  #filled = 0;

  private constructor(path: string, file: FileHandle, { leaves }: FileLeaves, sha256: Sha256) {
    this.#path = path;
    this.#file = file;
    this.#leaves = leaves;
    this.#sha256 = sha256;
    const largest = leaves.reduce((most, { size }) => Math.max(most, size), 0);
    this.#coming = Buffer.allocUnsafeSlow(largest);
  }

  /** Opens a file that was begun, or begins it, and keeps of it what is right. */
  static async open(path: string, wanted: FileLeaves, sha256: Sha256): Promise<PartFile> {
    return onFile(path, async () => {
      // Never through a link, which may lead anywhere.
      const flags = constants.O_RDWR | constants.O_CREAT | NO_LINK;
      const part = new PartFile(path, await open(path, flags, 0o644), wanted, sha256);
      await part.#readBack();
      await part.#file.truncate(part.#offset);
      return part;
    });
  }

  /** Returns the sha-256 of a file that is there whole; undefined for any other, which stays as it is. */
  static async digestOf(
    path: string,
    wanted: FileLeaves,
    sha256: Sha256,
  ): Promise<string | undefined> {
    return onFile(path, async () => {
      await using part = new PartFile(path, await open(path, NO_LINK), wanted, sha256);
      await part.#readBack();
      const { size } = await part.#file.stat();
      return part.isWhole && size === wanted.size ? part.digest() : undefined;
    });
  }

  /** How much of the file is here. */
  get offset(): number {
    return this.#offset;
  }

  get isWhole(): boolean {
    return this.#leaf === this.#leaves.length;
  }

  /** sha-256 of what is here, in hexadecimal. To be asked for once. */
  digest(): string {
    return this.#sum.digest('hex');
  }

  /** Forgets what has come of a block that is not whole: what comes next begins at {@link offset}. */
  rewind(): void {
    this.#filled = 0;
  }

  /**
   * Takes the bytes that come next, and writes the blocks that they complete.
   *
   * @returns the CID of the block that they do not match; nothing of it is written. Undefined if all is well.
   * @throws {ArchiveError} `disk_full`, `file_unreadable`.
   */
  async take(bytes: Uint8Array): Promise<string | undefined> {
    for (let at = 0; at < bytes.length; ) {
      const leaf = this.#leaves[this.#leaf];
      if (leaf === undefined) return 'the end of the file';
      const part = bytes.subarray(at, at + leaf.size - this.#filled);
      this.#coming.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < leaf.size) continue;
      const whole = this.#coming.subarray(0, leaf.size);
      this.rewind();
      if (!this.#isNext(whole)) return leaf.cid;
      await onFile(this.#path, () => this.#write(whole));
      this.#accept(whole);
    }
    return undefined;
  }

  /** Puts everything on disk. */
  async sync(): Promise<void> {
    await onFile(this.#path, () => this.#file.sync());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #readBack(): Promise<void> {
    for (let leaf = this.#leaves[0]; leaf !== undefined; leaf = this.#leaves[this.#leaf]) {
      const bytes = this.#coming.subarray(0, leaf.size);
      const { bytesRead } = await this.#file.read(bytes, 0, leaf.size, this.#offset);
      if (bytesRead < leaf.size || !this.#isNext(bytes)) break;
      this.#accept(bytes);
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at, null, this.#offset + at);
      at += bytesWritten;
    }
  }

  #isNext(bytes: Uint8Array): boolean {
    return cidFromDigest(CODEC.raw, this.#sha256(bytes)) === this.#leaves[this.#leaf]?.cid;
  }

  #accept(bytes: Uint8Array): void {
    this.#sum.update(bytes);
    this.#offset += bytes.length;
    this.#leaf += 1;
  }
}
