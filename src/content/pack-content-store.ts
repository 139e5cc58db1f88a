import { basename } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { ChunkPool } from '../core/chunk-pool.ts';
import { type Cid, codecOf, digestOf, parseCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type {
  CommittedPack,
  ContentProblem,
  ContentStore,
  FileSource,
  Segment,
  StoredFile,
} from '../core/ports/content-store.ts';
import { PROFILE_LEAF_BYTES } from '../core/unixfs/file-tree.ts';
import { assertMatch, type PackBlockstore, putVerified } from './ipfs/pack-blockstore.ts';
import { freeBytes, type PackFiles } from './packs/pack-files.ts';
import type { PackIndex } from './packs/pack-index.ts';
import type { PackReader } from './packs/pack-reader.ts';
import type { PackWriter } from './packs/pack-writer.ts';
import { type DirectoryEntry, encodeDirectory, listDirectory } from './reading/directories.ts';
import { KnownNodes } from './reading/known-nodes.ts';
import { locateFile, readFile, statFile } from './reading/read-file.ts';
import { CHUNK_BYTES, lookUp, readAtOnce, readKnown } from './reading/read-known.ts';
import { recordParts, recordPartsOf } from './reading/record-parts.ts';
import type { FileReader } from './taking/file-reader.ts';
import type { LeafWorkers } from './taking/leaf-workers.ts';
import { putBytes, putLargeFile, putLeaf } from './taking/put-file.ts';
import { SourceFile } from './taking/source-file.ts';
import { nextTurn } from './turn.ts';
import { verifyOnePack, verifyStore } from './verifying/verify-store.ts';

/** Synchronous work on small files goes on for this long before others get their turn. */
const TURN_MS = 15;

/** Of files with the same block, so many are told. */
const MOST_FILES = 64;

const DAMAGE: ReadonlySet<string> = new Set(['block_corrupt', 'home_corrupt']);

/** Chunks for readers that are kept while there are none. */
const MOST_IDLE = 16;

/** So few files are not worth a thread. */
const FEW = 16;

/** The parts of an open store; whoever opened them disposes of them. */
interface StoreParts {
  readonly files: PackFiles;
  readonly index: PackIndex;
  readonly writer: PackWriter;
  readonly reader: PackReader;
  readonly workers: LeafWorkers;
  readonly fileReader: FileReader;
  readonly blockstore: PackBlockstore;
  readonly damage: readonly ContentProblem[];
}

/** The content store over packs. See `openContentStore`. */
export class PackContentStore implements ContentStore, AsyncDisposable {
  /** The same blocks for IPFS libraries. */
  readonly blockstore: PackBlockstore;
  readonly damage: readonly ContentProblem[];
  readonly #parts: StoreParts;
  readonly #close: () => Promise<void>;
  /** For small files, one for each call that goes on at the same time: new ones cost more than reading. */
  readonly #idleBuffers: Buffer[] = [];
  readonly #known = new KnownNodes();
  readonly #chunks = new ChunkPool(CHUNK_BYTES, MOST_IDLE);
  #turnEnds = 0;

  constructor(parts: StoreParts, close: () => Promise<void>) {
    this.#parts = parts;
    this.#close = close;
    this.blockstore = parts.blockstore;
    this.damage = parts.damage;
  }

  async putFile(
    source: FileSource,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<StoredFile> {
    throwIfAborted(options.signal);
    await this.#takeTurn();
    if ('bytes' in source) return putBytes(this.#parts.writer, source.bytes);
    using file = new SourceFile(source.path);
    if (file.size > PROFILE_LEAF_BYTES) {
      return await putLargeFile(this.#parts, file, options.signal);
    }
    const buffer = this.#idleBuffers.pop() ?? Buffer.allocUnsafeSlow(PROFILE_LEAF_BYTES + 1);
    try {
      const bytes = file.readInto(buffer);
      file.assertUnchanged();
      return await putBytes(this.#parts.writer, bytes);
    } finally {
      this.#idleBuffers.push(buffer);
    }
  }

  async *putFiles(
    paths: readonly (string | Uint8Array)[],
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<StoredFile | ArchiveError> {
    if (paths.length <= FEW) {
      for (const path of paths) yield await this.#putOrRefuse(path, options);
      return;
    }
    const { fileReader, writer } = this.#parts;
    let place = 0;
    for await (const file of fileReader.read(paths, PROFILE_LEAF_BYTES, options.signal)) {
      const path = paths[place] ?? '';
      place += 1;
      if (file.outcome === 'read') yield await putLeaf(writer, file.bytes, file.digest);
      else if (file.outcome === 'large') yield await this.#putOrRefuse(path, options);
      else yield new ArchiveError(file.code, file.message, { retryable: file.retryable });
    }
  }

  async putBlock(cid: Cid, bytes: Uint8Array): Promise<void> {
    await this.#takeTurn();
    await putVerified(this.#parts.writer, cid, bytes);
  }

  async repair(cid: Cid, bytes: Uint8Array): Promise<boolean> {
    const { reader, writer } = this.#parts;
    if (!reader.has(cid)) {
      await this.putBlock(cid, bytes);
      return true;
    }
    if (await this.#isSound(cid)) return false;
    assertMatch(cid, bytes);
    // Only committed copies are given up, so that no mark speaks of what may be cut off.
    await writer.sync([]);
    const block = { codec: codecOf(cid), digest: digestOf(cid), bytes };
    await writer.replace(block, reader.placeOf(cid));
    return true;
  }

  destroy(cids: readonly Cid[]): Promise<number> {
    return this.#parts.writer.destroy(cids.map(digestOf));
  }

  /** Returns every pack with the length that is committed now. */
  packs(): readonly CommittedPack[] {
    const { index, files } = this.#parts;
    return index.packs.map(({ id, length }) => {
      const path = files.pathOf(id);
      return { name: basename(path), path, length, wipedBytes: index.wipedBytes(id) };
    });
  }

  isRoot(cid: Cid): boolean {
    return this.#parts.index.hasRoot(cid) && this.#parts.reader.has(cid);
  }

  changes(): number {
    return this.#parts.index.changes();
  }

  wasRoot(cid: Cid): boolean {
    return this.#parts.index.hasRoot(cid);
  }

  receivedOf(root: Cid): number {
    return this.#parts.index.receivedOf(root);
  }

  noteReceived(root: Cid, blocks: number): Promise<void> {
    return this.#parts.writer.amend((index) => index.noteReceived(root, blocks));
  }

  recordParts(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return recordParts(this.#parts, options.signal);
  }

  recordPartsOf(root: Cid): Promise<void> {
    return recordPartsOf(this.#parts, root);
  }

  filesWith(cid: Cid): readonly Cid[] {
    return this.#parts.index.filesWith(digestOf(cid), MOST_FILES);
  }

  isInFile(cid: Cid, isMeant: (root: Cid) => boolean): boolean {
    return this.#parts.index.rootsWith(digestOf(cid)).some(isMeant);
  }

  freeBytes(): number {
    return freeBytes(this.#parts.files.roomiest());
  }

  sync(roots: readonly Cid[]): Promise<void> {
    return this.#parts.writer.sync(roots);
  }

  async has(cid: Cid): Promise<boolean> {
    return this.#parts.reader.has(cid);
  }

  stat(
    cid: Cid,
    { isHashed = true }: { readonly isHashed?: boolean } = {},
  ): Promise<{ readonly size: number; readonly dagSize: number } | undefined> {
    return statFile(this.#parts.reader, cid, isHashed ? undefined : this.#known);
  }

  getBlock(cid: Cid, place?: (byteLength: number) => Uint8Array): Promise<Uint8Array> {
    return this.#parts.reader.get(cid, place);
  }

  locate(cid: Cid): Promise<readonly Segment[]> {
    return locateFile(this.#parts.reader, cid);
  }

  lookUp(cid: Cid): Promise<void> {
    return lookUp(this.#parts.reader, this.#known, cid);
  }

  readAtOnce(cid: Cid, offset: number, length: number): Uint8Array | undefined {
    return readAtOnce(this.#parts.reader, this.#known, cid, { offset, length });
  }

  read(
    cid: Cid,
    options: {
      readonly offset?: number;
      readonly length?: number;
      readonly signal?: AbortSignal;
      readonly isHashed?: boolean;
    } = {},
  ): AsyncIterable<Uint8Array> {
    const { offset = 0, length = Number.POSITIVE_INFINITY, signal, isHashed = true } = options;
    const { reader } = this.#parts;
    const range = { offset, length, signal };
    if (isHashed) return readFile(reader, cid, range);
    return readKnown(reader, this.#known, cid, { ...range, chunks: this.#chunks });
  }

  list(cid: Cid): AsyncIterable<{ readonly name: string; readonly cid: Cid }> {
    return listDirectory(this.#parts.reader, cid);
  }

  putDirectory(
    entries: readonly DirectoryEntry[],
  ): Promise<{ readonly cid: Cid; readonly dagSize: number }> {
    return encodeDirectory(entries, (cid, bytes) => this.putBlock(parseCid(cid.toString()), bytes));
  }

  async *verify(
    options: {
      readonly signal?: AbortSignal;
      readonly onProgress?: (done: { readonly bytes: number; readonly blocks: number }) => void;
    } = {},
  ): AsyncGenerator<ContentProblem> {
    await this.sync([]);
    yield* verifyStore(this.#parts, options);
  }

  /** Reads one pack and yields what is wrong with it, by the name that {@link packs} gives it. */
  async *verifyPack(name: string, signal?: AbortSignal): AsyncGenerator<ContentProblem> {
    yield* verifyOnePack(this.#parts, name, signal);
  }

  async stats(): Promise<{
    readonly blocks: number;
    readonly bytes: number;
    readonly packs: number;
  }> {
    return this.#parts.index.totals();
  }

  /** Commits what was put and closes everything. What was not synced before may fail to be kept. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  /** @throws {ArchiveError} as reading does, but for damage of this block or its pack. */
  async #isSound(cid: Cid): Promise<boolean> {
    try {
      await this.#parts.reader.get(cid);
      return true;
    } catch (error) {
      const isDamage = error instanceof ArchiveError && DAMAGE.has(error.code);
      if (isDamage) return false;
      throw error;
    }
  }

  async #putOrRefuse(
    path: string | Uint8Array,
    options: { readonly signal?: AbortSignal },
  ): Promise<StoredFile | ArchiveError> {
    try {
      return await this.putFile({ path }, options);
    } catch (error) {
      const isOfFile =
        error instanceof ArchiveError &&
        (error.code === 'file_unreadable' || error.code === 'file_changed');
      if (isOfFile) return error;
      throw error;
    }
  }

  async #takeTurn(): Promise<void> {
    const now = performance.now();
    if (now < this.#turnEnds) return;
    await nextTurn();
    this.#turnEnds = performance.now() + TURN_MS;
  }
}
