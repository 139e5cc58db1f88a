import { createHash } from 'node:crypto';
import { type BigIntStats, readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { ChunkPool } from '../../core/chunk-pool.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { HotShard } from '../../core/ports/hot-shards.ts';
import { readAhead } from '../../core/read-ahead.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { ReleaseContent } from '../release-content.ts';

/** What files are made and read with. */
export interface HotParts {
  readonly content: Pick<ReleaseContent, 'read'>;
  /** Two of them are in use for each reader. */
  readonly chunks: ChunkPool;
}

const NOTHING = new Uint8Array(0);

/** Reads of so many bytes on the spot cost a third of those that are handed over, and go on for so long. */
const [PIECE_BYTES, READ_MS] = [65_536, 4];

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
  readonly #parts: HotParts;
  readonly #handle: FileHandle;
  /** How the file was left. */
  readonly #left: BigIntStats;
  readonly #sha256: string;
  #isGone = false;

  private constructor(
    source: Source,
    parts: HotParts,
    written: { readonly handle: FileHandle; readonly left: BigIntStats; readonly sha256: string },
  ) {
    this.size = source.size;
    this.#source = source;
    this.#parts = parts;
    this.#handle = written.handle;
    this.#left = written.left;
    this.#sha256 = written.sha256;
  }

  /**
   * Writes a shard to a file that must not be there yet, each block hashed. Nothing is left of it on failure.
   * Nothing is synced: a file is of no use to another process.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`, `aborted`, `release_invalid` for a shard of another
   * size; what the system says of the file.
   */
  static async write(source: Source, parts: HotParts, signal: AbortSignal): Promise<HotFile> {
    const { cid, path } = source;
    const handle = await open(path, 'wx+', 0o600);
    try {
      const turn = takeTurns();
      const hash = createHash('sha256');
      for await (const chunk of parts.content.read(cid, { signal })) {
        hash.update(chunk);
        await handle.writeFile(chunk);
        await turn();
      }
      signal.throwIfAborted();
      const left = await handle.stat({ bigint: true });
      if (left.size !== BigInt(source.size)) {
        throw new ArchiveError(
          'release_invalid',
          `${cid} has ${left.size} bytes, not ${source.size}`,
        );
      }
      return new HotFile(source, parts, { handle, left, sha256: hash.digest('hex') });
    } catch (error) {
      await handle.close();
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Whether nobody has written to the file since, or deleted it. */
  async isUntouched(): Promise<boolean> {
    const left = this.#left;
    const now = await this.#handle.stat({ bigint: true }).catch(() => undefined);
    const isAlike = now?.ctimeNs === left.ctimeNs && now.mtimeNs === left.mtimeNs;
    return isAlike && now.nlink === left.nlink && now.size === left.size;
  }

  /** Whether the disk still gives the bytes that were written. */
  async isSound(): Promise<boolean> {
    const turn = takeTurns();
    const hash = createHash('sha256');
    for await (const chunk of this.#bytes(0, this.size)) {
      hash.update(chunk);
      await turn();
    }
    return hash.digest('hex') === this.#sha256;
  }

  async *read(offset: number, length: number): AsyncGenerator<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    let at = offset;
    for await (const chunk of this.#bytes(at, end)) {
      at += chunk.length;
      yield chunk;
    }
    if (at >= end) return;
    const rest = { offset: at, length: end - at, isHashed: false };
    yield* this.#parts.content.read(this.#source.cid, rest);
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

  #bytes(start: number, end: number): AsyncGenerator<Uint8Array> {
    return readAhead({ start, end }, this.#parts.chunks, async (buffer, at) =>
      this.#fill(buffer, at, end),
    );
  }

  /** Reads on; nothing where the file gives none, or is to give none. */
  #fill(buffer: Uint8Array, at: number, end: number): Uint8Array {
    const stops = performance.now() + READ_MS;
    const length = Math.min(buffer.length, end - at);
    let filled = 0;
    try {
      while (!this.#isGone && filled < length) {
        const piece = Math.min(PIECE_BYTES, length - filled);
        const count = readSync(this.#handle.fd, buffer, filled, piece, at + filled);
        filled += count;
        if (count === 0 || performance.now() > stops) break;
      }
    } catch {
      // A disk that fails: the blocks lie elsewhere.
      return NOTHING;
    }
    return buffer.subarray(0, filled);
  }
}
