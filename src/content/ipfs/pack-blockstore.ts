import type { Blockstore, InputPair, Pair } from 'interface-blockstore';
import { CID } from 'multiformats/cid';
import { type Cid, cidFromDigest, codecOf, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { MAX_BLOCK_BYTES } from '../packs/pack-format.ts';
import type { PackIndex } from '../packs/pack-index.ts';
import type { PackReader } from '../packs/pack-reader.ts';
import type { PackWriter } from '../packs/pack-writer.ts';
import { sha256 } from '../sha256.ts';

/** Blocks that are kept elsewhere and may be read as if they were here. They are hashed as well. */
export type BlockSource = (cid: Cid) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

type BlockBytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const SHA2_256 = 0x12;

/** `block_missing` under the name by which Helia knows it. */
class BlockNotFoundError extends ArchiveError {
  override readonly name = 'NotFoundError';

  constructor(cid: CID) {
    super('block_missing', `the block ${cid} is not stored here`);
  }
}

/**
 * The pack store as IPFS libraries see it (`interface-blockstore` 7): Helia is built on it.
 *
 * Blocks are found by their sha2-256, whatever the codec and version of the CID. What is put here is
 * durable after the store's next commit. Deletion is refused, so that `helia.gc()`, which deletes all
 * that Helia itself has not pinned, cannot erase the archive.
 */
export class PackBlockstore implements Blockstore {
  readonly #reader: PackReader;
  readonly #writer: PackWriter;
  readonly #index: PackIndex;
  readonly #sources: readonly BlockSource[];

  constructor(
    store: { readonly reader: PackReader; readonly writer: PackWriter; readonly index: PackIndex },
    sources: readonly BlockSource[],
  ) {
    this.#reader = store.reader;
    this.#writer = store.writer;
    this.#index = store.index;
    this.#sources = sources;
  }

  async has(key: CID): Promise<boolean> {
    const cid = toCid(key);
    if (cid === undefined) return false;
    return this.#reader.has(cid) || (await this.#fromSources(cid)) !== undefined;
  }

  /** @throws {ArchiveError} `input_invalid` if the bytes do not match; `disk_full`, `home_corrupt`. */
  async put(key: CID, value: BlockBytes): Promise<CID> {
    const cid = toCid(key);
    if (cid === undefined) {
      throw new ArchiveError('input_invalid', `${key} has another hash than sha2-256`);
    }
    await putVerified(this.#writer, cid, await toBytes(value));
    return key;
  }

  async *putMany(pairs: Iterable<InputPair> | AsyncIterable<InputPair>): AsyncGenerator<CID> {
    for await (const { cid, bytes } of pairs) yield this.put(cid, bytes);
  }

  /** @throws {ArchiveError} `block_missing`, named `NotFoundError`; `block_corrupt`. */
  async *get(key: CID): AsyncGenerator<Uint8Array> {
    const cid = toCid(key);
    if (cid === undefined) throw new BlockNotFoundError(key);
    if (this.#reader.has(cid)) yield await this.#reader.get(cid);
    else {
      const bytes = await this.#fromSources(cid);
      if (bytes === undefined) throw new BlockNotFoundError(key);
      yield bytes;
    }
  }

  async *getMany(keys: Iterable<CID> | AsyncIterable<CID>): AsyncGenerator<Pair> {
    for await (const cid of keys) yield { cid, bytes: this.get(cid) };
  }

  /** Yields every block of the packs, one page of the index at a time. */
  async *getAll(): AsyncGenerator<Pair> {
    await this.#writer.sync([]);
    for (const { id } of this.#index.packs) {
      let page = this.#index.blocksAfter(id, -1);
      while (page.length > 0) {
        for (const { codec, digest } of page) {
          const cid = CID.parse(cidFromDigest(codec, digest));
          yield { cid, bytes: this.get(cid) };
        }
        page = this.#index.blocksAfter(id, page.at(-1)?.offset ?? 0);
      }
    }
  }

  /** @throws {ArchiveError} `deletion_refused`, always. */
  async delete(key: CID): Promise<void> {
    throw refusal(String(key));
  }

  /** @throws {ArchiveError} `deletion_refused` before anything is asked of `keys`. */
  deleteMany(_keys: Iterable<CID> | AsyncIterable<CID>): AsyncGenerator<CID> {
    throw refusal('blocks');
  }

  async #fromSources(cid: Cid): Promise<Uint8Array | undefined> {
    for (const source of this.#sources) {
      const bytes = await source(cid);
      if (bytes === undefined) continue;
      if (Buffer.compare(sha256(bytes), digestOf(cid)) === 0) return bytes;
      throw new ArchiveError(
        'block_corrupt',
        `the block ${cid} is damaged in the ledger or another source`,
      );
    }
    return undefined;
  }
}

/**
 * Stores a block after hashing it and returns how many bytes that adds. Durable after the next commit.
 *
 * @throws {ArchiveError} `input_invalid` if the bytes do not match the CID or are more than 2 MiB.
 */
export async function putVerified(
  writer: PackWriter,
  cid: Cid,
  bytes: Uint8Array,
): Promise<number> {
  return writer.put({ codec: codecOf(cid), digest: assertMatch(cid, bytes), bytes });
}

/**
 * Returns the digest that these bytes have, which is the CID's.
 *
 * @throws {ArchiveError} `input_invalid` if the bytes do not match the CID or are more than 2 MiB.
 */
export function assertMatch(cid: Cid, bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BLOCK_BYTES) {
    const limit = `more than the ${MAX_BLOCK_BYTES} that other nodes accept`;
    throw new ArchiveError('input_invalid', `the block ${cid} has ${bytes.length} bytes, ${limit}`);
  }
  const digest = digestOf(cid);
  if (Buffer.compare(sha256(bytes), digest) === 0) return digest;
  throw new ArchiveError('input_invalid', `the bytes given for the block ${cid} do not match it`);
}

/** Returns the CID under which the archive knows a block; undefined for hashes it does not store. */
function toCid(key: CID): Cid | undefined {
  const { code, digest } = key.multihash;
  return code === SHA2_256 && digest.length === 32 ? cidFromDigest(key.code, digest) : undefined;
}

async function toBytes(value: BlockBytes): Promise<Uint8Array> {
  if (value instanceof Uint8Array) return value;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of value) {
    parts.push(part);
    length += part.length;
    // Enough to be refused; no need to take the rest.
    if (length > MAX_BLOCK_BYTES) break;
  }
  return Buffer.concat(parts);
}

function refusal(what: string): ArchiveError {
  return new ArchiveError(
    'deletion_refused',
    `${what} cannot be deleted: stored content is never deleted by this version`,
  );
}
