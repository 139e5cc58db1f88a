import { type Cid, CODEC, cidFromDigest, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { FileBlock } from '../../core/unixfs/file-node.ts';
import { PROFILE_LEAF_BYTES } from '../../core/unixfs/file-tree.ts';
import { Lane } from '../lane.ts';
import { sha256 } from '../sha256.ts';
import { inTurns, nextTurn } from '../turn.ts';
import {
  type DeadRegion,
  encodeDeadMark,
  encodeMark,
  encodeRootList,
  MAX_ROOTS_PER_LIST,
} from './commit-mark.ts';
import { largeFileSizeOf } from './large-file-size-of.ts';
import type { PackFiles } from './pack-files.ts';
import { DIGEST_BYTES, frameHeadLength } from './pack-format.ts';
import type { IndexedBlock, PackIndex, Place } from './pack-index.ts';
import { LEAF_FRAME_BYTES, type LeafRun, type PackBlock, type PackTail } from './pack-tail.ts';
import { wipeDead } from './wipe-dead.ts';

/** A commit happens by itself after so much, so that what waits for one never grows without bound. */
const COMMIT_BYTES = 64 * 1_048_576;
const COMMIT_BLOCKS = 4_096;

/** Answers of the index that are kept: whoever asks for a block asks again before it is stored. */
const MOST_RECENT = 4_096;

/** A file of several leaves, which somebody else writes into reserved places. */
interface LargeFile {
  readonly size: number;
  /** 32 bytes a leaf, filled by `writeLeaves`. */
  readonly digests: Uint8Array;
  /** Asked before anything is written, with no other file in between: whether to store it at all. */
  readonly isWanted: () => Promise<boolean>;
  /** Writes the frames of a run. When it ends, even by failing, nobody writes there any more. */
  readonly writeLeaves: (run: LeafRun) => Promise<void>;
  /** Returns the nodes above the leaves, once all of these are written. */
  readonly finish: () => Iterable<FileBlock>;
}

/**
 * The only writer of packs and index. Blocks become durable in groups: pack `fdatasync`, then one
 * index transaction.
 *
 * Nothing taken is dropped: what a full disk keeps from being written or committed waits (up to
 * 4 MiB of blocks and the places of some thousand in memory, the rest in the pack) and goes with the
 * next commit that succeeds. If the disk fails to sync, nobody knows what it kept, so nothing more
 * is taken until the store is opened anew.
 */
export class PackWriter {
  readonly #files: PackFiles;
  readonly #tail: PackTail;
  readonly #index: PackIndex;
  readonly #lane = new Lane();
  /** Blocks taken and not committed, by digest. */
  #pending = new Map<string, IndexedBlock>();
  /** Leaves of large files that were written although the block was taken before. */
  readonly #pendingCopies: IndexedBlock[] = [];
  /** Those of the last commit, which are asked for most. */
  #committed: ReadonlyMap<string, IndexedBlock> = new Map();
  /** What the index answered since the last commit, by digest. */
  readonly #recent = new Map<string, Place | undefined>();
  /** Leaves of files over 64 MiB that a failed commit left; not found by digest until the next one. */
  readonly #pendingRuns: { readonly run: LeafRun; readonly digests: Uint8Array }[] = [];
  /** Sizes of the files whose nodes are among them, and perhaps of some that were rolled back. */
  readonly #pendingSizes = new Set<number>();
  /** Parts of packs that the next commit gives up. */
  readonly #pendingDead: DeadRegion[] = [];
  /** Blocks, by digest, whose committed places go with the next commit; pending ones are others. */
  readonly #destroyed = new Set<string>();
  #moves = 0;
  #pendingBytes = 0;
  #broken: unknown;
  #rootsToSync: Cid[] = [];
  #nextSync: Promise<void> | undefined;

  constructor(files: PackFiles, tail: PackTail, index: PackIndex) {
    this.#files = files;
    this.#tail = tail;
    this.#index = index;
  }

  /**
   * How often blocks were given up, moved or rolled back: a place that was found before may be another's,
   * and what was read from it meanwhile, and not hashed, may be zeros.
   */
  get moves(): number {
    return this.#moves;
  }

  /** Returns where the block lies, committed or not. */
  find(digest: Uint8Array): Place | undefined {
    const key = keyOf(digest);
    const pending = this.#pending.get(key);
    if (pending !== undefined || this.#destroyed.has(key)) return pending;
    return this.#committed.get(key) ?? this.#lookUp(key, digest);
  }

  /** Says whether the bytes at this place are in memory only. */
  isBuffered(place: Place): boolean {
    return this.#tail.isBuffered(place);
  }

  /** Copies the bytes at this place to `target` and returns them there, if they are in memory only. */
  bufferedBytes(place: Place, target: Uint8Array): Uint8Array | undefined {
    return this.#tail.isBuffered(place) ? this.#tail.bufferedBytes(place, target) : undefined;
  }

  hasFileSize(size: number): boolean {
    return this.#pendingSizes.has(size) || this.#index.hasFileSize(size);
  }

  /**
   * Takes a block, whose digest the caller has checked, and returns how many bytes that adds: 0 if
   * it is here already. Durable after the next commit. The bytes may be reused when it resolves.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`: this block was not taken.
   */
  async put(block: PackBlock): Promise<number> {
    if (this.find(block.digest) !== undefined) return 0;
    const isSimple = this.#lane.isIdle && !this.#isCommitDue && this.#broken === undefined;
    if (isSimple && this.#tail.fits(frameLengthOf(block))) return this.#append(block);
    return this.#alone(() => this.#putAlone(block));
  }

  /**
   * Takes a block again whose committed copy at `damaged` is of no use, and gives that copy up.
   * Nothing happens if the block lies elsewhere by now. Durable after the next commit.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`.
   */
  replace(block: PackBlock, damaged: Place): Promise<void> {
    return this.#alone(async () => {
      const place = this.find(block.digest);
      if (place?.pack !== damaged.pack || place.offset !== damaged.offset) return;
      if (this.#isCommitDue) await this.#commit([]);
      // Before the block: whoever reads the packs again forgets the old place first.
      await this.#giveUp(damaged, { isDestroyed: false, before: frameLengthOf(block) });
      this.#append(block);
      this.#moves += 1;
    });
  }

  /**
   * Destroys blocks, every copy of them, and returns how many were here. First it is committed that they
   * are, and from then on they are found no more; then their bytes are overwritten, with those of damaged
   * copies that were given up before. A kill in between leaves that to whoever opens the store next.
   *
   * Durable when the promise resolves. Who puts one of them meanwhile stores it anew. If it fails some
   * may be destroyed, and calling it again finishes.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`.
   */
  destroy(digests: readonly Uint8Array[]): Promise<number> {
    return this.#alone(async () => {
      await this.#commit([]);
      // All at once: who puts one of them from here on is not told that it is stored already.
      for (const digest of digests) this.#destroyed.add(keyOf(digest));
      this.#moves += 1;
      let held = 0;
      for await (const digest of inTurns(digests)) {
        const places = this.#index.placesOf(digest);
        if (places.length > 0) held += 1;
        for (const place of places) await this.#giveUp(place, { isDestroyed: true, before: 0 });
      }
      await this.#commit([]);
      this.#moves += 1;
      await wipeDead(this.#files, this.#index);
      return held;
    });
  }

  /**
   * Stores a large file and returns how many bytes that adds. If anything fails, or one of the
   * file's functions throws, all of it is cut off again. Other writing waits until it ends.
   *
   * Durable after the next commit; a file of 64 MiB or more when the promise resolves.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`, and what the file's functions throw.
   */
  putLarge(file: LargeFile): Promise<number> {
    return this.#alone(async () => {
      if (!(await file.isWanted())) return 0;
      const added = await this.#writeLarge(file);
      if (this.#isCommitDue) await this.#commit([]);
      return added;
    });
  }

  /**
   * Makes everything taken before durable and records the roots. Calls that come while one waits
   * share a commit.
   *
   * @throws {ArchiveError} `block_missing` if a root is not here; `disk_full`, after which it can be
   * called again; `home_corrupt` if the disk fails.
   */
  async sync(roots: readonly Cid[]): Promise<void> {
    await this.#assertHere(roots);
    this.#rootsToSync.push(...roots);
    this.#nextSync ??= this.#alone(() => {
      const taken = this.#rootsToSync;
      this.#rootsToSync = [];
      this.#nextSync = undefined;
      return this.#commit(taken);
    });
    await this.#nextSync;
    // One may have been destroyed while it waited.
    await this.#assertHere(roots);
  }

  /** Has the index changed between commits, by whoever reads files that are stored. */
  amend(change: (index: PackIndex) => void): Promise<void> {
    return this.#alone(async () => change(this.#index));
  }

  /** Sees to it that the bytes at these places can be read from their files. Not durable. */
  async writeOut(places: Iterable<Place>): Promise<void> {
    for (const place of places) {
      if (this.#tail.isBuffered(place)) await this.#alone(() => this.#tail.flush());
    }
  }

  get #isCommitDue(): boolean {
    return this.#pendingBytes >= COMMIT_BYTES || this.#pending.size >= COMMIT_BLOCKS;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#lane.run(() => {
      if (this.#broken !== undefined) throw this.#broken;
      return work();
    });
  }

  async #putAlone(block: PackBlock): Promise<number> {
    if (this.find(block.digest) !== undefined) return 0;
    if (this.#isCommitDue) await this.#commit([]);
    await this.#tail.makeRoom(frameLengthOf(block));
    return this.#append(block);
  }

  #append(block: PackBlock): number {
    const place = this.#tail.append(block);
    const digest = Uint8Array.from(block.digest);
    this.#pending.set(keyOf(digest), { ...place, digest });
    const fileSize = largeFileSizeOf(block.codec, block.bytes);
    if (fileSize !== undefined) this.#pendingSizes.add(fileSize);
    const frameLength = frameLengthOf(block);
    this.#pendingBytes += frameLength;
    return frameLength;
  }

  /** Marks a place as dead, so that a frame of `before` bytes still fits behind the mark. */
  async #giveUp(
    { pack, offset, length, codec }: Place,
    { isDestroyed, before }: { readonly isDestroyed: boolean; readonly before: number },
  ): Promise<void> {
    const start = offset - frameHeadLength(codec, length);
    const dead = { pack, start, end: offset + length, isDestroyed };
    const mark = encodeDeadMark(dead);
    await this.#tail.makeRoom(mark.length + before);
    this.#tail.appendFrame(mark);
    this.#pendingDead.push(dead);
  }

  async #writeLarge(file: LargeFile): Promise<number> {
    const before = await this.#tail.position();
    const bytesBefore = this.#pendingBytes;
    const newNodes: FileBlock[] = [];
    try {
      const runs: LeafRun[] = [];
      for (let leaf = 0; leaf * PROFILE_LEAF_BYTES < file.size; ) {
        const run = await this.#tail.reserve(file.size, leaf);
        await file.writeLeaves(run);
        this.#tail.accept(run);
        this.#pendingBytes += run.byteLength;
        runs.push(run);
        leaf += run.leafCount;
      }
      for (const node of file.finish()) {
        const { bytes, cid } = node;
        const block = { codec: CODEC.dagPb, digest: digestOf(cid), bytes };
        if ((await this.#putNode(block)) > 0) newNodes.push(node);
      }
      await this.#tail.flush();
      this.#rememberLeaves(file, runs);
      return this.#pendingBytes - bytesBefore;
    } catch (error) {
      for (const { cid } of newNodes) this.#pending.delete(keyOf(digestOf(cid)));
      this.#moves += 1;
      this.#pendingBytes = bytesBefore;
      await this.#orBreak(() => this.#tail.rollBack(before));
      throw error;
    }
  }

  async #putNode(block: PackBlock): Promise<number> {
    // A node stands for a GiB of leaves and takes milliseconds to encode: others get their turn.
    await nextTurn();
    if (this.find(block.digest) !== undefined) return 0;
    await this.#tail.makeRoom(frameLengthOf(block));
    return this.#append(block);
  }

  #rememberLeaves(file: LargeFile, runs: readonly LeafRun[]): void {
    const { digests } = file;
    // Longer ones are committed at once, and need no place in memory.
    if (this.#isCommitDue) this.#pendingRuns.push(...runs.map((run) => ({ run, digests })));
    else {
      for (const run of runs) {
        for (const leaf of leavesOf(run, digests)) {
          const key = keyOf(leaf.digest);
          if (this.#pending.has(key)) this.#pendingCopies.push(leaf);
          else this.#pending.set(key, leaf);
        }
      }
    }
  }

  async #commit(roots: readonly Cid[]): Promise<void> {
    const newRoots: Cid[] = [];
    for await (const root of inTurns(new Set(roots))) {
      const isNew = this.#pending.has(keyOf(digestOf(root))) || !this.#index.hasRoot(root);
      if (isNew) newRoots.push(root);
    }
    const hasBlocks = this.#pending.size > 0 || this.#pendingRuns.length > 0;
    if (!hasBlocks && newRoots.length === 0 && this.#pendingDead.length === 0) return;
    await this.#appendMarks(newRoots);
    await this.#tail.flush();
    await this.#orBreak(() => this.#tail.sync());
    try {
      await this.#index.commit({
        packs: this.#tail.changedPacks,
        blocks: this.#pendingBlocks(),
        roots: newRoots,
        fileSizes: this.#pendingSizes,
        dead: this.#pendingDead,
      });
    } finally {
      this.#recent.clear();
    }
    this.#tail.settle();
    this.#committed = this.#pending;
    this.#pending = new Map();
    this.#pendingCopies.length = 0;
    this.#pendingRuns.length = 0;
    this.#pendingSizes.clear();
    this.#pendingDead.length = 0;
    this.#destroyed.clear();
    this.#pendingBytes = 0;
  }

  async #appendMarks(roots: readonly Cid[]): Promise<void> {
    for (let first = 0; first === 0 || first < roots.length; first += MAX_ROOTS_PER_LIST) {
      const bytes = encodeRootList(roots.slice(first, first + MAX_ROOTS_PER_LIST));
      const digest = sha256(bytes);
      const list = { codec: CODEC.dagCbor, digest, bytes };
      if (roots.length > 0 && this.find(digest) === undefined) {
        await this.#tail.makeRoom(frameLengthOf(list));
        this.#append(list);
      }
      const cid = roots.length > 0 ? cidFromDigest(CODEC.dagCbor, digest) : undefined;
      const mark = encodeMark(cid);
      await this.#tail.makeRoom(mark.length);
      this.#tail.appendFrame(mark);
    }
  }

  async #assertHere(roots: readonly Cid[]): Promise<void> {
    for await (const root of inTurns(roots)) {
      if (this.find(digestOf(root)) === undefined) {
        throw new ArchiveError('block_missing', `${root} cannot be a root: it is not stored here`);
      }
    }
  }

  #lookUp(key: string, digest: Uint8Array): Place | undefined {
    if (!this.#recent.has(key)) {
      if (this.#recent.size >= MOST_RECENT) this.#recent.clear();
      this.#recent.set(key, this.#index.find(digest));
    }
    return this.#recent.get(key);
  }

  *#pendingBlocks(): IterableIterator<IndexedBlock> {
    yield* this.#pending.values();
    yield* this.#pendingCopies;
    for (const { run, digests } of this.#pendingRuns) yield* leavesOf(run, digests);
  }

  /** Does what leaves the store in an unknown state if it fails; then nothing more is taken. */
  async #orBreak(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#broken = error;
      throw error;
    }
  }
}

/** Returns the leaves of a run with their places. */
function* leavesOf(run: LeafRun, digests: Uint8Array): IterableIterator<IndexedBlock> {
  for (let i = 0; i < run.leafCount; i += 1) {
    const length = i === run.leafCount - 1 ? run.lastLeafBytes : PROFILE_LEAF_BYTES;
    const offset = run.start + i * LEAF_FRAME_BYTES + frameHeadLength(CODEC.raw, length);
    const at = (run.firstLeaf + i) * DIGEST_BYTES;
    const digest = digests.slice(at, at + DIGEST_BYTES);
    yield { digest, pack: run.pack, offset, length, codec: CODEC.raw };
  }
}

function frameLengthOf(block: PackBlock): number {
  return frameHeadLength(block.codec, block.bytes.length) + block.bytes.length;
}

function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('latin1');
}
