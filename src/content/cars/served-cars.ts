import { createHash, hash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { throwIfAborted } from '../../core/abort.ts';
import { cidFromDigest } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ContentProblem } from '../../core/ports/content-store.ts';
import type { ServedDag, ServedDags } from '../../core/ports/served-dags.ts';
import { isDamage } from '../../sqlite/sqlite-error.ts';
import { Lane } from '../lane.ts';
import { syncFolder } from '../packs/durable-file.ts';
import { MAX_BLOCK_BYTES, writeVarint } from '../packs/pack-format.ts';
import { sha256 } from '../sha256.ts';
import { toSourceError, toStorageError } from '../storage-error.ts';
import { type OpenedCar, readCar } from './read-car.ts';
import { type ServedBlock, ServedIndex } from './served-index.ts';

const SHA2_256 = 0x12;
const IDENTITY = 0x00;
/** Hashes by which blocks are checked, and what Node calls them. */
const CHECKED: ReadonlyMap<number, string> = new Map([
  [SHA2_256, 'sha256'],
  [0x13, 'sha512'],
]);
const SUFFIX = '.car';
const UNFINISHED = '.part';

/**
 * Served DAGs as CAR files in a folder of their own, `ID.car`, with an index that is made again from
 * them where it lacks one. Every frame has a CIDv1 with sha2-256 or sha2-512.
 */
export class ServedCars implements ServedDags, AsyncDisposable {
  readonly #folder: string;
  /** None where nothing was ever served. */
  #index: ServedIndex | undefined;
  readonly #files = new Map<string, Promise<FileHandle>>();
  /** What changes the index goes one after another. */
  readonly #changes = new Lane();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the folder, which the first import makes. What an interrupted import left is removed; a file
   * that is in no index and cannot be read is passed over.
   *
   * @throws {ArchiveError} `home_corrupt`, `disk_full`, `filesystem_unsuitable`.
   */
  static async open(folder: string): Promise<ServedCars> {
    const served = new ServedCars(folder);
    if (!existsSync(folder)) return served;
    try {
      const index = served.#made();
      for (const name of readdirSync(folder)) {
        if (name.endsWith(UNFINISHED)) rmSync(join(folder, name));
        if (name.endsWith(SUFFIX)) await served.#adoptIfSound(name.slice(0, -SUFFIX.length), index);
      }
      return served;
    } catch (error) {
      throw toStorageError(folder, error);
    }
  }

  async add(path: string, options: Parameters<ServedDags['add']>[1] = {}): Promise<ServedDag> {
    const part = join(this.#folder, `${randomBytes(8).toString('hex')}${UNFINISHED}`);
    try {
      const index = this.#made();
      const id = await copyVerified(path, part, options);
      return await this.#changes.run(async () => {
        renameSync(part, this.#pathOf(id));
        syncFolder(this.#folder);
        return this.#adopt(id, index);
      });
    } catch (error) {
      throw toStorageError(this.#folder, error);
    } finally {
      rmSync(part, { force: true });
    }
  }

  list(): readonly ServedDag[] {
    return this.#index?.cars() ?? [];
  }

  remove(id: string): Promise<boolean> {
    return this.#changes.run(async () => {
      if (this.#index?.car(id) === undefined) return false;
      const file = this.#files.get(id);
      this.#files.delete(id);
      this.#index.forget(id);
      rmSync(this.#pathOf(id), { force: true });
      syncFolder(this.#folder);
      await (await file)?.close();
      return true;
    });
  }

  has(cid: CID): boolean {
    return this.#find(cid) !== undefined;
  }

  async get(cid: CID): Promise<Uint8Array> {
    const place = this.#find(cid);
    if (place === undefined) throw new ArchiveError('block_missing', `${cid} is not served here`);
    const bytes = await this.#read(place);
    if (isMatch(cid, bytes)) return bytes;
    throw new ArchiveError(
      'block_corrupt',
      `the block ${cid} is damaged in ${this.#pathOf(place.car)}; remove it and import it again`,
    );
  }

  async *verify({
    signal,
  }: {
    readonly signal?: AbortSignal;
  } = {}): AsyncGenerator<ContentProblem> {
    for (const { id, blocks } of this.list()) {
      const path = this.#pathOf(id);
      const text = `${path}, which is served and no part of the archive, is damaged or missing; "ringfence car remove ${id}", and import it again`;
      const problem = { code: 'block_corrupt', subject: id, text } as const;
      let sound = 0;
      try {
        await using file = await open(path);
        const car = await readCar(file);
        for await (const { cid, bytes } of car.blocks()) {
          throwIfAborted(signal);
          if (isMatch(cid, bytes)) sound += 1;
        }
      } catch {
        throwIfAborted(signal);
      }
      if (sound !== blocks) yield problem;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#index?.[Symbol.dispose]();
    const files = await Promise.allSettled(this.#files.values());
    await Promise.all(files.map(async (file) => file.status === 'fulfilled' && file.value.close()));
  }

  #find({ multihash: { code, digest } }: CID): ServedBlock | undefined {
    return CHECKED.has(code) ? this.#index?.find(digest) : undefined;
  }

  async #read({ car, offset, length }: ServedBlock): Promise<Uint8Array> {
    const path = this.#pathOf(car);
    try {
      const opened = this.#files.get(car) ?? open(path);
      this.#files.set(car, opened);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await (await opened).read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    } catch (error) {
      this.#files.delete(car);
      throw toStorageError(path, error);
    }
  }

  /** Puts a file that is here into the index, unless it is there, and returns what it is. */
  async #adopt(id: string, index: ServedIndex): Promise<ServedDag> {
    const known = index.car(id);
    if (known !== undefined) return known;
    await using file = await open(this.#pathOf(id));
    const { size } = await file.stat();
    const opened = await readCar(file);
    const car = { id, roots: opened.roots.map(String), bytes: size };
    return await index.record(car, placesIn(opened));
  }

  async #adoptIfSound(id: string, index: ServedIndex): Promise<void> {
    try {
      await this.#adopt(id, index);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
    }
  }

  #made(): ServedIndex {
    mkdirSync(this.#folder, { recursive: true });
    this.#index ??= openIndex(join(this.#folder, 'index.db'));
    return this.#index;
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}${SUFFIX}`);
  }
}

/** A damaged index is made anew: all that is in it stands in the files. */
function openIndex(path: string): ServedIndex {
  try {
    return ServedIndex.open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return ServedIndex.open(path);
  }
}

async function* placesIn(car: OpenedCar) {
  for await (const { cid, bytes, end } of car.blocks()) {
    yield { digest: cid.multihash.digest, offset: end - bytes.length, length: bytes.length };
  }
}

function isMatch({ multihash }: CID, bytes: Uint8Array): boolean {
  const name = CHECKED.get(multihash.code);
  return name !== undefined && hash(name, bytes, 'buffer').equals(multihash.digest);
}

/** Writes what is in a CAR file in our own form, synced, and returns its id. */
async function copyVerified(
  path: string,
  target: string,
  { signal, onProgress, check }: NonNullable<Parameters<ServedDags['add']>[1]>,
): Promise<string> {
  await using source = await openSource(path);
  const car = await readCar(source);
  const hash = createHash('sha256');
  await using written = await open(target, 'wx');
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await written.writeFile(bytes);
  };
  await write(headerOf(car.roots));
  for await (const { cid, bytes, end } of car.blocks()) {
    throwIfAborted(signal);
    if (cid.multihash.code === IDENTITY) continue;
    assertServable(cid, bytes);
    const { code, digest } = cid.multihash;
    check?.(cidFromDigest(cid.code, code === SHA2_256 ? digest : sha256(bytes)));
    await write(headOf(cid, bytes.length));
    await write(bytes);
    onProgress?.({ bytes: end });
  }
  await written.sync();
  return hash.digest('hex').slice(0, 16);
}

/** @throws {ArchiveError} `input_invalid` for bytes that are not what the CID names, or too many. */
function assertServable(cid: CID, bytes: Uint8Array): void {
  const { code } = cid.multihash;
  if (!CHECKED.has(code)) {
    const text = `${cid} has the hash 0x${code.toString(16)}; sha2-256 and sha2-512 can be checked here`;
    throw new ArchiveError('input_invalid', text);
  }
  if (bytes.length > MAX_BLOCK_BYTES) {
    const limit = `more than the ${MAX_BLOCK_BYTES} that other nodes accept`;
    throw new ArchiveError('input_invalid', `the block ${cid} has ${bytes.length} bytes, ${limit}`);
  }
  if (!isMatch(cid, bytes)) {
    throw new ArchiveError('input_invalid', `the bytes given for the block ${cid} do not match it`);
  }
}

/** Returns what stands before the bytes of a block in its frame. */
function headOf({ code, multihash }: CID, dataLength: number): Uint8Array {
  const cid = CID.createV1(code, multihash).bytes;
  const length = new Uint8Array(4);
  return Buffer.concat([length.subarray(0, writeVarint(length, 0, cid.length + dataLength)), cid]);
}

async function openSource(path: string): Promise<FileHandle> {
  try {
    if ((await stat(path)).isFile()) return await open(path);
  } catch (error) {
    throw toSourceError(path, error);
  }
  throw new ArchiveError('file_unreadable', `${path} is a folder, a pipe or a device, and no file`);
}

function headerOf(roots: readonly CID[]): Uint8Array {
  const fields = encode({ roots: [...roots], version: 1 });
  const bytes = new Uint8Array(fields.length + 4);
  const at = writeVarint(bytes, 0, fields.length);
  bytes.set(fields, at);
  return bytes.subarray(0, at + fields.length);
}
