import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { throwIfAborted } from '../../core/abort.ts';
import { equalBytes, type Sha256 } from '../../core/hash.ts';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  type Frontier,
  leafHash,
} from '../../core/merkle/tree.ts';
import type { Leaf } from '../../core/ports/ledger-feed.ts';
import { decodeReply, leafKey } from '../feed/protocol.ts';
import { damaged, decodeHead, type FeedFileHead, lengthOf } from './feed-file.ts';

const SUM_BYTES = 32;

/** Where the messages with one entry lie in the file. */
interface BodyPlace {
  readonly at: number;
  readonly count: number;
}

/**
 * A feed that lies in a file. Leaves and the tree over them are in memory, some hundred bytes an entry;
 * entries are read when they are asked for.
 */
export class FeedInFile implements AsyncDisposable {
  readonly head: FeedFileHead;
  readonly #file: FileHandle;
  readonly #leaves: readonly Leaf[];
  readonly #bodies: ReadonlyMap<string, BodyPlace>;
  readonly #nodes: ReadonlyMap<string, Uint8Array>;
  readonly #sha256: Sha256;

  private constructor(file: FileHandle, scanned: Scan, sha256: Sha256) {
    this.head = scanned.head;
    this.#file = file;
    this.#leaves = scanned.leaves;
    this.#bodies = scanned.bodies;
    this.#nodes = scanned.nodes;
    this.#sha256 = sha256;
  }

  /**
   * Reads the file through once and compares its sum; the caller disposes what is returned.
   *
   * @throws {ArchiveError} `input_invalid` if it is no file of a feed, damaged or cut short; `aborted`.
   */
  static async open(path: string, sha256: Sha256, signal?: AbortSignal): Promise<FeedInFile> {
    const file = await open(path, 'r');
    try {
      return new FeedInFile(file, await scan(file, sha256, signal), sha256);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  leaves(since: number, limit: number): readonly Leaf[] {
    return this.#leaves.slice(since, since + limit);
  }

  consistencyProof(from: number, to: number): readonly Uint8Array[] {
    if (from === 0) return [];
    const read = (level: number, index: number) =>
      this.#nodes.get(`${level}/${index}`) ?? new Uint8Array(0);
    return consistencyProof(from, to, read, this.#sha256);
  }

  /** Yields the messages that hold the entry of a leaf; undefined if it is not in the file. */
  bodies(leaf: Leaf): AsyncIterable<Uint8Array> | undefined {
    const place = this.#bodies.get(leafKey(leaf));
    return place === undefined ? undefined : this.#messages(place);
  }

  async *#messages({ at, count }: BodyPlace): AsyncGenerator<Uint8Array, void> {
    let place = at;
    for (let i = 0; i < count; i += 1) {
      const frame = await readFrame(this.#file, place, Number.MAX_SAFE_INTEGER);
      yield frame;
      place += 4 + frame.length;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

interface Scan {
  readonly head: FeedFileHead;
  readonly leaves: readonly Leaf[];
  readonly bodies: ReadonlyMap<string, BodyPlace>;
  readonly nodes: ReadonlyMap<string, Uint8Array>;
}

async function scan(
  file: FileHandle,
  sha256: Sha256,
  signal: AbortSignal | undefined,
): Promise<Scan> {
  const { size } = await file.stat();
  const end = size - SUM_BYTES;
  const sum = createHash('sha256');
  let place = 0;
  async function next(): Promise<Uint8Array> {
    throwIfAborted(signal);
    const frame = await readFrame(file, place, end);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, frame.length);
    sum.update(length).update(frame);
    place += 4 + frame.length;
    return frame;
  }
  const head = decodeHead(await next());
  const leaves: Leaf[] = [];
  const nodes = new Map<string, Uint8Array>();
  let frontier: Frontier = EMPTY_FRONTIER;
  while (leaves.length < head.size) {
    const message = decodeReply(await next());
    if (message.type !== 'leaves' || message.leaves.length === 0) throw damaged('lacks leaves');
    for (const leaf of message.leaves) {
      const grown = appendLeaf(frontier, leafHash(leaf, sha256), sha256);
      for (const { level, index, hash } of grown.completed) nodes.set(`${level}/${index}`, hash);
      frontier = grown.frontier;
      leaves.push(Uint8Array.from(leaf));
    }
  }
  const bodies = new Map<string, BodyPlace>();
  for (const leaf of leaves.slice(head.since)) {
    const at = place;
    let count = 0;
    for (let isLast = false; !isLast; count += 1) {
      const message = decodeReply(await next());
      if (message.type !== 'bodies') throw damaged('lacks entries');
      isLast = message.bodies.at(-1)?.last ?? true;
    }
    bodies.set(leafKey(leaf), { at, count });
  }
  const found = new Uint8Array(SUM_BYTES);
  await file.read(found, 0, SUM_BYTES, end);
  if (place !== end || leaves.length !== head.size || !equalBytes(found, sum.digest())) {
    throw damaged('is damaged or unfinished: its sum is not that of its bytes');
  }
  return { head, leaves, bodies, nodes };
}

async function readFrame(file: FileHandle, place: number, end: number): Promise<Uint8Array> {
  const start = new Uint8Array(4);
  if (place + 4 > end) throw damaged('is no export of a ledger, or is cut short');
  await file.read(start, 0, 4, place);
  const length = lengthOf(start);
  if (place + 4 + length > end) throw damaged('is no export of a ledger, or is cut short');
  const frame = new Uint8Array(length);
  const { bytesRead } = await file.read(frame, 0, length, place + 4);
  if (bytesRead !== length) throw damaged('is no export of a ledger, or is cut short');
  return frame;
}
