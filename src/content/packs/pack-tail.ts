import { fdatasync, ftruncateSync } from 'node:fs';
import { promisify } from 'node:util';
import { CODEC } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { PROFILE_LEAF_BYTES } from '../../core/unixfs/file-tree.ts';
import { toStorageError } from '../storage-error.ts';
import { freeBytes, type PackFile, type PackFiles } from './pack-files.ts';
import { frameHeadLength, PACK_HEADER, writeFrameHead } from './pack-format.ts';
import type { IndexedPack, Place } from './pack-index.ts';
import { writeFully } from './write-fully.ts';

const fdatasyncAsync = promisify(fdatasync);

/** Frames are collected in memory before they are written. */
const BUFFER_BYTES = 4 * 1_048_576;

/** New packs go to another directory when this one has less room left. */
const RESERVE_BYTES = 64 * 1_048_576;

/** A full leaf with the head of its frame. */
export const LEAF_FRAME_BYTES = frameHeadLength(CODEC.raw, PROFILE_LEAF_BYTES) + PROFILE_LEAF_BYTES;

/** A block as it goes into a pack. */
export interface PackBlock {
  readonly codec: number;
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Places for neighbouring leaves of one file, all of them full but the last of the file. */
export interface LeafRun {
  readonly pack: number;
  readonly path: string;
  readonly fd: number;
  /** Where the first frame begins; each full one takes {@link LEAF_FRAME_BYTES}. */
  readonly start: number;
  readonly firstLeaf: number;
  readonly leafCount: number;
  readonly lastLeafBytes: number;
  readonly byteLength: number;
}

/** Where the log ends, or ended: in no pack at all before the first one. */
export interface TailPosition {
  readonly pack: number | undefined;
  readonly length: number;
  /** The number of the next pack. */
  readonly nextId: number;
}

/**
 * The end of the log that all packs together are: the last pack, and what waits in memory to be
 * written to it. Others are sealed: nothing is ever added to them again.
 *
 * One caller at a time; the methods that return no promise may be called whenever none is pending.
 */
export class PackTail {
  readonly #files: PackFiles;
  readonly #maxPackBytes: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  #pack: PackFile | undefined;
  #fd = -1;
  /** Bytes in the file; the buffer comes behind them. */
  #length = 0;
  #nextId: number;
  /** Packs written to since {@link PackTail.settle}, with their lengths. */
  readonly #changed = new Map<number, IndexedPack>();

  /** Goes on behind `position`; without a pack there, a new one begins with the first block. */
  constructor(files: PackFiles, maxPackBytes: number, position: TailPosition) {
    this.#files = files;
    this.#maxPackBytes = maxPackBytes;
    this.#nextId = position.nextId;
    this.#goTo(position);
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#used > 0;
  }

  /** Whether a frame of this length can be appended without any writing. */
  fits(frameLength: number): boolean {
    return this.#used + frameLength <= BUFFER_BYTES && this.#hasPackFor(frameLength);
  }

  /** Appends a block's frame, which {@link PackTail.fits}, and returns the block's place. */
  append(block: PackBlock): Place {
    const { codec, digest, bytes } = block;
    const dataLength = bytes.length;
    const at = writeFrameHead(this.#buffer, this.#used, { codec, digest, dataLength });
    this.#buffer.set(bytes, at);
    this.#used = at + dataLength;
    return { pack: this.#current().id, offset: this.#length + at, length: dataLength, codec };
  }

  /** Appends a frame as it is, which {@link PackTail.fits}. */
  appendFrame(frame: Uint8Array): void {
    this.#buffer.set(frame, this.#used);
    this.#used += frame.length;
  }

  /** Whether the bytes at this place are in memory only. */
  isBuffered(place: Place): boolean {
    return place.pack === this.#pack?.id && place.offset >= this.#length;
  }

  /** Copies the bytes at a place that {@link PackTail.isBuffered} to `target` and returns them there. */
  bufferedBytes(place: Place, target: Uint8Array): Uint8Array {
    const start = place.offset - this.#length;
    target.set(this.#buffer.subarray(start, start + place.length));
    return target.subarray(0, place.length);
  }

  /** Writes out or begins a new pack as needed, so that a frame of this length fits afterwards. */
  async makeRoom(frameLength: number): Promise<void> {
    if (this.fits(frameLength)) return;
    await this.flush();
    if (!this.#hasPackFor(frameLength) || this.#shouldMove(frameLength)) this.#beginPack();
  }

  /**
   * Writes what waits in memory. If it fails, everything still waits.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`.
   */
  async flush(): Promise<void> {
    if (this.#used === 0) return;
    try {
      await writeFully(this.#fd, this.#buffer.subarray(0, this.#used), this.#length);
    } catch (error) {
      // What was written of it would be garbage to whoever reads the file meanwhile.
      this.#cutOff();
      throw toStorageError(this.#current().path, error);
    }
    this.#advance(this.#used);
    this.#used = 0;
  }

  /**
   * Reserves places for as many of a file's next leaves as the pack takes. Nothing waits in memory
   * then, and nothing else may be appended before {@link PackTail.accept} or `rollBack`.
   *
   * @throws {ArchiveError} `disk_full` if there is less room than that.
   */
  async reserve(fileSize: number, firstLeaf: number): Promise<LeafRun> {
    await this.flush();
    const leavesLeft = Math.ceil(fileSize / PROFILE_LEAF_BYTES) - firstLeaf;
    const bytesLeft = leavesLeft * LEAF_FRAME_BYTES;
    const wanted = Math.min(bytesLeft, this.#maxPackBytes);
    if (!this.#hasPackFor(LEAF_FRAME_BYTES) || this.#shouldMove(wanted)) this.#beginPack();
    const pack = this.#current();
    const fitting = Math.floor((this.#maxPackBytes - this.#length) / LEAF_FRAME_BYTES);
    const leafCount = Math.min(leavesLeft, Math.max(1, fitting));
    const lastLeafBytes =
      leafCount < leavesLeft
        ? PROFILE_LEAF_BYTES
        : fileSize - (firstLeaf + leafCount - 1) * PROFILE_LEAF_BYTES;
    const byteLength =
      (leafCount - 1) * LEAF_FRAME_BYTES +
      frameHeadLength(CODEC.raw, lastLeafBytes) +
      lastLeafBytes;
    const free = freeBytes(pack.directory);
    if (free < byteLength) {
      throw new ArchiveError(
        'disk_full',
        `${pack.directory.path} has ${free} bytes left and needs ${byteLength}; make room, or add ` +
          'a pack directory, and try again',
        { retryable: true },
      );
    }
    const place = { pack: pack.id, path: pack.path, fd: this.#fd, start: this.#length };
    return { ...place, firstLeaf, leafCount, lastLeafBytes, byteLength };
  }

  /** Makes a run that was reserved last, and is written now, part of the log. */
  accept(run: LeafRun): void {
    this.#advance(run.byteLength);
  }

  /** Returns where the log ends; nothing waits in memory then. */
  async position(): Promise<TailPosition> {
    await this.flush();
    return { pack: this.#pack?.id, length: this.#length, nextId: this.#nextId };
  }

  /**
   * Cuts off everything behind a position, nothing of which may have been synced.
   *
   * @throws {ArchiveError} `home_corrupt`; the log is then in no known state.
   */
  rollBack(position: TailPosition): void {
    this.#used = 0;
    for (let id = position.nextId; id < this.#nextId; id += 1) {
      this.#files.remove(id);
      this.#changed.delete(id);
    }
    this.#nextId = position.nextId;
    this.#goTo(position);
    if (this.#pack === undefined) return;
    this.#cutOff();
    this.#advance(0);
  }

  /** Makes everything written so far durable. */
  async sync(): Promise<void> {
    await this.flush();
    for (const id of this.#changed.keys()) {
      try {
        await fdatasyncAsync(this.#files.descriptor(id));
      } catch (error) {
        throw toStorageError(this.#files.pathOf(id), error);
      }
    }
  }

  get changedPacks(): Iterable<IndexedPack> {
    return this.#changed.values();
  }

  /** Forgets the changes: the index has them. */
  settle(): void {
    this.#changed.clear();
  }

  #goTo(position: TailPosition): void {
    this.#pack = position.pack === undefined ? undefined : this.#files.get(position.pack);
    this.#fd = this.#pack === undefined ? -1 : this.#files.writable(this.#pack.id);
    this.#length = position.length;
  }

  #current(): PackFile {
    if (this.#pack !== undefined) return this.#pack;
    throw new ArchiveError('internal', 'no pack has been begun');
  }

  #hasPackFor(frameLength: number): boolean {
    if (this.#pack === undefined) return false;
    const end = this.#length + this.#used;
    return end + frameLength <= this.#maxPackBytes || end === PACK_HEADER.length;
  }

  /** Whether the directory is getting full and another one has more room. */
  #shouldMove(byteLength: number): boolean {
    const { directory } = this.#current();
    const roomiest = this.#files.roomiest();
    if (roomiest === directory) return false;
    const free = freeBytes(directory);
    return free < byteLength + RESERVE_BYTES && freeBytes(roomiest) > free;
  }

  #beginPack(): void {
    this.#pack = this.#files.create(this.#nextId);
    this.#nextId += 1;
    this.#fd = this.#files.writable(this.#pack.id);
    this.#length = 0;
    this.#advance(PACK_HEADER.length);
  }

  #advance(byteLength: number): void {
    this.#length += byteLength;
    const { id, directory } = this.#current();
    this.#changed.set(id, { id, directory: directory.id, length: this.#length });
  }

  #cutOff(): void {
    const { path } = this.#current();
    try {
      ftruncateSync(this.#fd, this.#length);
    } catch (error) {
      throw toStorageError(path, error);
    }
  }
}
