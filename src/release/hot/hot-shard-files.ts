import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ChunkPool } from '../../core/chunk-pool.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError, asArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { HotShards } from '../../core/ports/hot-shards.ts';
import type { ReleaseContent } from '../release-content.ts';
import { HotFile, type HotParts } from './hot-file.ts';

/** What was not asked for within so long gives way to what is, and a file is hashed anew. */
const HOUR_MS = 3_600_000;

/** After a failure, a full disk for one, no file is made for so long. */
const REST_MS = 60_000;

/** Files are read in chunks of so many bytes; of those that nobody uses so many are kept. */
const [CHUNK_BYTES, MOST_IDLE] = [524_288, 16];

/** Every file is open for as long as it is kept, and a process has only so many. */
const MOST_FILES = 512;

/** Shards that were asked for once are remembered, so many of them; as many wait for a file at most. */
const MOST_REMEMBERED = 4_096;

interface Kept {
  readonly release: Cid;
  readonly file: HotFile;
  asked: number;
  hashed: number;
}

interface Due {
  readonly release: Cid;
  readonly cid: Cid;
  readonly size: number;
}

/** How much is kept, and who is told what could not be. */
export interface HotLimits {
  /** Bytes of all files together; with 0 there are none. */
  readonly maxBytes: number;
  readonly now: () => number;
  /** Told why a file could not be made. What asked for it does not fail by that. */
  readonly onFailure: (error: ArchiveError) => void;
}

/**
 * Keeps shards as files in a folder of its own, `CID.tar`, one being made at a time. The folder begins empty:
 * what another process has left there is deleted and never served.
 */
export class HotShardFiles implements HotShards, AsyncDisposable {
  readonly #folder: string;
  readonly #parts: HotParts;
  readonly #limits: HotLimits;
  readonly #kept = new Map<Cid, Kept>();
  /** What is served of each release. */
  readonly #served = new Map<Cid, ReadonlySet<Cid>>();
  readonly #askedOnce = new Set<Cid>();
  readonly #due = new Map<Cid, Due>();
  #making: (Due & { readonly stop: AbortController }) | undefined;
  #running: Promise<void> | undefined;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  private constructor(folder: string, content: Pick<ReleaseContent, 'read'>, limits: HotLimits) {
    this.#folder = folder;
    this.#parts = { content, chunks: new ChunkPool(CHUNK_BYTES, MOST_IDLE) };
    this.#limits = limits;
  }

  /** @throws {ArchiveError} `file_unreadable` for a folder that cannot be emptied. */
  static async open(
    folder: string,
    content: Pick<ReleaseContent, 'read'>,
    limits: HotLimits,
  ): Promise<HotShardFiles> {
    await onFile(folder, () => rm(folder, { recursive: true, force: true }));
    return new HotShardFiles(folder, content, limits);
  }

  async find(
    release: Cid,
    { cid, size }: { readonly cid: Cid; readonly size: number },
  ): Promise<HotFile | undefined> {
    if (size === 0 || size > this.#limits.maxBytes) return undefined;
    if (this.#served.get(release)?.has(cid) !== true) return undefined;
    const kept = this.#kept.get(cid);
    if (kept === undefined) {
      this.#want({ release, cid, size });
      return undefined;
    }
    if (!(await kept.file.isUntouched())) {
      await this.#drop(cid, kept);
      return undefined;
    }
    const now = this.#limits.now();
    kept.asked = now;
    if (now - kept.hashed > HOUR_MS) this.#queue({ release, cid, size });
    return kept.file;
  }

  async serve(release: Cid, shards: ReadonlySet<Cid>): Promise<void> {
    this.#served.set(release, shards);
    const isOver = (cid: Cid, of: Cid) => of === release && !shards.has(cid);
    for (const { cid, release: of } of this.#due.values()) {
      if (isOver(cid, of)) this.#due.delete(cid);
    }
    const making = this.#making;
    if (making !== undefined && isOver(making.cid, making.release)) {
      making.stop.abort(new ArchiveError('aborted', 'the shard is not served any more'));
    }
    const over = [...this.#kept].filter(([cid, kept]) => isOver(cid, kept.release));
    await Promise.all(over.map(([cid, kept]) => this.#drop(cid, kept)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#due.clear();
    this.#making?.stop.abort(new ArchiveError('aborted', 'the node is stopping'));
    await this.#running;
    await Promise.all([...this.#kept].map(([cid, kept]) => this.#drop(cid, kept)));
  }

  /** Has a file made of what is asked for the second time. */
  #want(shard: Due): void {
    if (this.#askedOnce.delete(shard.cid)) {
      this.#queue(shard);
      return;
    }
    this.#askedOnce.add(shard.cid);
    const [oldest] = this.#askedOnce;
    if (this.#askedOnce.size > MOST_REMEMBERED && oldest !== undefined) {
      this.#askedOnce.delete(oldest);
    }
  }

  #queue(shard: Due): void {
    const isResting = this.#limits.now() < this.#restsUntil;
    if (this.#isClosed || isResting || this.#due.size >= MOST_REMEMBERED) return;
    if (this.#making?.cid === shard.cid) return;
    this.#due.set(shard.cid, shard);
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  async #work(): Promise<void> {
    for (let next = this.#due.values().next(); !next.done; next = this.#due.values().next()) {
      const due = next.value;
      this.#due.delete(due.cid);
      const stop = new AbortController();
      this.#making = { ...due, stop };
      try {
        const kept = this.#kept.get(due.cid);
        if (kept === undefined) await this.#make(due, stop.signal);
        else await this.#hashAnew(due.cid, kept);
      } catch (error) {
        this.#fail(asArchiveError(error), stop.signal);
      } finally {
        this.#making = undefined;
      }
    }
  }

  async #make({ release, cid, size }: Due, signal: AbortSignal): Promise<void> {
    const path = join(this.#folder, `${cid}.tar`);
    const file = await onFile(path, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if (!(await this.#makeRoom(size))) return undefined;
      // What lies there is not of this object: it would have told of it.
      await rm(path, { recursive: true, force: true });
      return HotFile.write({ cid, size, path }, this.#parts, signal);
    });
    if (file === undefined) return;
    // Somebody may have written to it meanwhile, and what is served have changed at the last moment.
    const isSound = await file.isSound();
    if (!isSound || this.#served.get(release)?.has(cid) !== true || signal.aborted) {
      await file[Symbol.asyncDispose]();
      return;
    }
    const now = this.#limits.now();
    this.#kept.set(cid, { release, file, asked: now, hashed: now });
  }

  /**
   * Says whether there is room for so many bytes, deleting for it what was not asked for lately. A file takes
   * half of what is free on the disk at most, which others need too.
   */
  async #makeRoom(size: number): Promise<boolean> {
    const idle = [...this.#kept].filter(([, { asked }]) => this.#limits.now() - asked > HOUR_MS);
    idle.sort(([, one], [, other]) => one.asked - other.asked);
    for (const [cid, kept] of idle) {
      if (this.#hasRoom(size)) break;
      await this.#drop(cid, kept);
    }
    const { bavail, bsize } = await statfs(this.#folder);
    return this.#hasRoom(size) && size <= (bavail * bsize) / 2;
  }

  #hasRoom(size: number): boolean {
    const bytes = this.#kept.values().reduce((sum, { file }) => sum + file.size, 0);
    return bytes + size <= this.#limits.maxBytes && this.#kept.size < MOST_FILES;
  }

  async #hashAnew(cid: Cid, kept: Kept): Promise<void> {
    if (await kept.file.isSound()) kept.hashed = this.#limits.now();
    else await this.#drop(cid, kept);
  }

  async #drop(cid: Cid, kept: Kept): Promise<void> {
    if (this.#kept.get(cid) === kept) this.#kept.delete(cid);
    try {
      await onFile(this.#folder, () => kept.file[Symbol.asyncDispose]());
    } catch (error) {
      // It is not given any more; that it lies there still is for the operator.
      this.#limits.onFailure(asArchiveError(error));
    }
  }

  #fail(error: ArchiveError, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#restsUntil = this.#limits.now() + REST_MS;
    this.#due.clear();
    this.#limits.onFailure(error);
  }
}
