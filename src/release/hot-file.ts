import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Cid } from '../core/cid.ts';
import type { HotShard } from '../core/ports/hot-shards.ts';
import { takeTurns } from '../core/take-turns.ts';
import type { ReleaseContent } from './release-content.ts';

/** Two chunks of so many bytes are in memory for each reader. */
const CHUNK_BYTES = 1_048_576;

type Content = Pick<ReleaseContent, 'read'>;

/** What a file is of, and where it lies. */
interface Source {
  readonly cid: Cid;
  readonly size: number;
  readonly path: string;
}

/** A shard as a file that this process has written, and keeps open. */
export class HotFile implements HotShard, AsyncDisposable {
  readonly size: number;
  readonly #source: Source;
  readonly #content: Content;
  readonly #handle: FileHandle;
  /** How the file was left. */
  readonly #left: BigIntStats;
  readonly #sha256: string;
  #isGone = false;

  private constructor(
    source: Source,
    content: Content,
    written: { readonly handle: FileHandle; readonly left: BigIntStats; readonly sha256: string },
  ) {
    this.size = source.size;
    this.#source = source;
    this.#content = content;
    this.#handle = written.handle;
    this.#left = written.left;
    this.#sha256 = written.sha256;
  }

  /**
   * Writes a shard to a file that must not be there yet, each block hashed. Nothing is left of it on failure.
   * Nothing is synced: a file is of no use to another process.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`, `aborted`; what the system says of the file.
   */
  static async write(source: Source, content: Content, signal: AbortSignal): Promise<HotFile> {
    const { cid, path } = source;
    const handle = await open(path, 'wx+', 0o600);
    try {
      const turn = takeTurns();
      const hash = createHash('sha256');
      for await (const chunk of content.read(cid, { signal })) {
        hash.update(chunk);
        await handle.writeFile(chunk);
        await turn();
      }
      signal.throwIfAborted();
      const left = await handle.stat({ bigint: true });
      return new HotFile(source, content, { handle, left, sha256: hash.digest('hex') });
    } catch (error) {
      await handle.close();
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Whether nobody has written to the file since, or deleted it. */
  async isUntouched(): Promise<boolean> {
    const { size, ctimeNs, mtimeNs, nlink } = await this.#handle.stat({ bigint: true });
    const left = this.#left;
    const isAlike = ctimeNs === left.ctimeNs && mtimeNs === left.mtimeNs && nlink === left.nlink;
    return isAlike && size === left.size && size === BigInt(this.size);
  }

  /** Whether the disk still gives the bytes that were written. */
  async isSound(): Promise<boolean> {
    const turn = takeTurns();
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, this.size));
    for (let at = 0; at < this.size; ) {
      const chunk = await this.#fill(buffer, at, this.size);
      if (chunk === undefined) return false;
      hash.update(chunk);
      at += chunk.length;
      await turn();
    }
    return hash.digest('hex') === this.#sha256;
  }

  async *read(offset: number, length: number): AsyncGenerator<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    const chunkBytes = Math.min(CHUNK_BYTES, end - offset);
    if (chunkBytes <= 0) return;
    let [used, free] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.alloc(0)];
    let next = this.#fill(used, offset, end);
    try {
      for (let at = offset; at < end; ) {
        const chunk = await next;
        if (chunk === undefined || this.#isGone) {
          const { cid } = this.#source;
          yield* this.#content.read(cid, { offset: at, length: end - at, isHashed: false });
          return;
        }
        at += chunk.length;
        if (at < end) {
          if (free.length === 0) free = Buffer.allocUnsafeSlow(chunkBytes);
          [used, free] = [free, used];
          next = this.#fill(used, at, end);
        }
        yield chunk;
      }
    } finally {
      await next;
    }
  }

  /** Deletes the file; at once nothing is read of it any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    try {
      await rm(this.#source.path, { recursive: true, force: true });
    } finally {
      await this.#handle.close();
    }
  }

  /** Reads on; undefined where the file gives nothing, or is to give nothing. */
  async #fill(buffer: Buffer, at: number, end: number): Promise<Uint8Array | undefined> {
    if (this.#isGone) return undefined;
    try {
      const length = Math.min(buffer.length, end - at);
      const { bytesRead } = await this.#handle.read(buffer, 0, length, at);
      return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
    } catch {
      // A disk that fails, or a file that was closed meanwhile: the blocks lie elsewhere.
      return undefined;
    }
  }
}
