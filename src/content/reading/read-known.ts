import { throwIfAborted } from '../../core/abort.ts';
import type { ChunkPool } from '../../core/chunk-pool.ts';
import type { Cid } from '../../core/cid.ts';
import { readAhead } from '../../core/read-ahead.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { type PackReader, SMALL_BYTES } from '../packs/pack-reader.ts';
import { MAX_DEPTH, otherSize, tooDeep } from './inconsistent-file.ts';
import type { KnownNodes } from './known-nodes.ts';
import type { NodeParts } from './node-parts.ts';

/** Small parts are gathered into chunks of so many bytes, of which two are in memory for each reader. */
export const CHUNK_BYTES = 524_288;

/** A chunk is given as it is once reading on the spot has kept others waiting so long. */
const GATHER_MS = 4;

/** Bytes of one block that are wanted. */
interface Span {
  readonly parts: NodeParts;
  readonly index: number;
  /** In the block. */
  readonly from: number;
  readonly to: number;
}

/**
 * Looks up every part of a file, so that what is missing is known before any byte is read.
 *
 * @throws {ArchiveError} `block_missing`, `block_corrupt` (a node), `input_invalid`.
 */
export async function lookUp(reader: PackReader, nodes: KnownNodes, root: Cid): Promise<void> {
  const turn = takeTurns();
  for await (const { parts, index } of spansOf(reader, nodes, root, 0, Number.POSITIVE_INFINITY)) {
    parts.placeOf(index, reader);
    await turn();
  }
}

/**
 * Returns a range of a file that lies in one block, read on the spot; undefined where that takes more: a node to
 * be read, a block to be hashed or written out, or many bytes.
 */
export function readAtOnce(
  reader: PackReader,
  nodes: KnownNodes,
  root: Cid,
  { offset, length }: { readonly offset: number; readonly length: number },
): Uint8Array | undefined {
  if (length === 0 || length > SMALL_BYTES) return undefined;
  let from = offset;
  for (let parts = nodes.known(root, reader); parts !== undefined; ) {
    const index = parts.indexAt(from);
    const size = parts.sizeOf(index);
    from -= parts.startOf(index);
    if (from + length > size) return undefined;
    if (!parts.isNode(index)) {
      from += leafStart(reader, parts, index);
      const bytes = Buffer.allocUnsafe(length);
      return readSound(reader, { parts, index, from, to: from + length }, bytes)
        ? bytes
        : undefined;
    }
    const child = nodes.known(parts.cidAt(index), reader);
    parts = child?.size === size ? child : undefined;
  }
  return undefined;
}

/**
 * Streams a range of a file for readers who come again and again: nodes that are known are not read, a
 * block that was hashed within the last hour is not hashed anew, and while a chunk is used the next one is
 * read. Each is valid until the next one is asked for.
 */
export async function* readKnown(
  reader: PackReader,
  nodes: KnownNodes,
  root: Cid,
  range: {
    readonly offset: number;
    readonly length: number;
    readonly signal: AbortSignal | undefined;
    readonly chunks: ChunkPool;
  },
): AsyncGenerator<Uint8Array> {
  const { offset, length, signal, chunks } = range;
  const { size } = await nodes.of(root, reader);
  const end = Math.min(offset + length, size);
  const source = new Gatherer(reader, spansOf(reader, nodes, root, offset, end));
  yield* readAhead({ start: offset, end }, chunks, async (buffer) => {
    throwIfAborted(signal);
    return source.fill(buffer);
  });
}

/** Reads spans one after another into chunks. */
class Gatherer {
  readonly #reader: PackReader;
  readonly #spans: AsyncIterator<Span, void>;
  #scratch = Buffer.alloc(0);
  /** What of the span at hand is still to be read. */
  #left: Span | undefined;

  constructor(reader: PackReader, spans: AsyncIterator<Span, void>) {
    this.#reader = reader;
    this.#spans = spans;
  }

  /** Reads on into the buffer and returns what was filled of it: nothing at the end. */
  async fill(buffer: Uint8Array): Promise<Uint8Array> {
    const ends = performance.now() + GATHER_MS;
    let filled = 0;
    while (filled < buffer.length && (filled === 0 || performance.now() < ends)) {
      const span = this.#left ?? (await this.#spans.next()).value ?? undefined;
      if (span === undefined) break;
      const { parts, index, from, to } = span;
      const until = Math.min(to, from + buffer.length - filled);
      const target = buffer.subarray(filled, filled + until - from);
      if (!readSound(this.#reader, { parts, index, from, to: until }, target)) {
        await this.#read({ parts, index, from, to: until }, target);
      }
      filled += target.length;
      this.#left = until < to ? { parts, index, from: until, to } : undefined;
    }
    return buffer.subarray(0, filled);
  }

  async #read({ parts, index, from, to }: Span, target: Uint8Array): Promise<void> {
    const reader = this.#reader;
    const place = parts.placeOf(index, reader);
    const { moves } = reader;
    if (parts.isSound(index) && (await reader.readPart(place, from, target))) {
      // What was given up meanwhile may have been overwritten.
      if (reader.moves === moves) return;
    }
    if (this.#scratch.length < place.length) this.#scratch = Buffer.allocUnsafeSlow(place.length);
    const block = await reader.getInto(parts.cidAt(index), place, this.#scratch);
    parts.setSound(index, moves);
    target.set(block.subarray(from, to));
  }
}

/** Reads a few bytes that need no hashing on the spot, and says whether it has. */
function readSound(reader: PackReader, span: Span, target: Uint8Array): boolean {
  const { parts, index, from, to } = span;
  if (to - from > SMALL_BYTES) return false;
  const place = parts.placeOf(index, reader);
  return parts.isSound(index) && reader.readAtOnce(place, from, target);
}

/** Yields what of which blocks lies in `[start, end)` of a file, in order. */
async function* spansOf(
  reader: PackReader,
  nodes: KnownNodes,
  root: Cid,
  start: number,
  end: number,
): AsyncGenerator<Span, void> {
  /** The nodes from the root to where the walk is, and the next part of each. */
  const way: { readonly parts: NodeParts; readonly start: number; index: number }[] = [];
  function enter(parts: NodeParts, at: number): void {
    way.push({ parts, start: at, index: parts.indexAt(Math.max(0, start - at)) });
  }
  enter(await nodes.of(root, reader), 0);
  for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
    const { parts, index } = top;
    const at = top.start + parts.startOf(index);
    if (index >= parts.count || at >= end) {
      way.pop();
      continue;
    }
    top.index += 1;
    const size = parts.sizeOf(index);
    if (size === 0) continue;
    if (parts.isNode(index)) {
      const cid = parts.cidAt(index);
      if (way.length > MAX_DEPTH) throw tooDeep(cid);
      const child = nodes.known(cid, reader) ?? (await nodes.of(cid, reader));
      if (child.size !== size) throw otherSize(cid, child.size, size);
      enter(child, at);
      continue;
    }
    const from = leafStart(reader, parts, index);
    yield {
      ...{ parts, index },
      from: from + Math.max(0, start - at),
      to: from + Math.min(size, end - at),
    };
  }
}

/**
 * Returns where the bytes of a part that is no node begin in its block.
 *
 * @throws {ArchiveError} `block_missing`, `input_invalid` for a block that is longer or shorter than told.
 */
function leafStart(reader: PackReader, parts: NodeParts, index: number): number {
  const { length } = parts.placeOf(index, reader);
  const size = parts.sizeOf(index);
  if (parts.offsetInBlock === undefined && length !== size) {
    throw otherSize(parts.cidAt(index), length, size);
  }
  return parts.offsetInBlock ?? 0;
}
