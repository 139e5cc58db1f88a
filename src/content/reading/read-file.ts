import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import type { Segment } from '../../core/ports/content-store.ts';
import { decodeFileNode, type FileNode } from '../../core/unixfs/file-node.ts';
import type { Place } from '../packs/pack-index.ts';
import type { PackReader } from '../packs/pack-reader.ts';
import { inconsistentFile, MAX_DEPTH, otherSize, tooDeep } from './inconsistent-file.ts';
import type { KnownNodes } from './known-nodes.ts';

/** A file node, and where bytes that it keeps itself begin in its block. */
type ReadNode = FileNode & { readonly inlineOffset: number };

/** A part of a file that one block holds. */
interface FilePart {
  readonly cid: Cid;
  /** Of its first byte in the file. */
  readonly start: number;
  readonly length: number;
  /** Where the part begins in the block: behind the head of a node that keeps its bytes itself. */
  readonly offsetInBlock: number;
}

/** Returns size and DAG size of a file, reading no more than its root node, if it is not among `known`. */
export async function statFile(
  reader: PackReader,
  cid: Cid,
  known?: KnownNodes,
): Promise<{ readonly size: number; readonly dagSize: number } | undefined> {
  const place = reader.find(cid);
  if (place === undefined) return undefined;
  if (codecOf(cid) === CODEC.raw) return { size: place.length, dagSize: place.length };
  if (known !== undefined) {
    const { size, dagSize } = await known.of(cid, reader);
    return { size, dagSize: place.length + dagSize };
  }
  const { fileSize, children } = await readNode(reader, cid);
  const below = children.reduce((sum, child) => sum + child.dagSize, 0);
  return { size: fileSize, dagSize: place.length + below };
}

/** Returns where the bytes of a file lie on disk. */
export async function locateFile(reader: PackReader, cid: Cid): Promise<readonly Segment[]> {
  const places: Place[] = [];
  for await (const part of partsOf(reader, cid, 0, Number.POSITIVE_INFINITY)) {
    const place = reader.placeOf(part.cid);
    places.push({ ...place, offset: place.offset + part.offsetInBlock, length: part.length });
  }
  return reader.segmentsOf(places);
}

/** Streams a range of a file, each block hashed; a chunk is valid until the next one is asked for. */
export async function* readFile(
  reader: PackReader,
  cid: Cid,
  range: {
    readonly offset: number;
    readonly length: number;
    readonly signal: AbortSignal | undefined;
  },
): AsyncGenerator<Uint8Array> {
  const end = range.offset + range.length;
  let buffer = Buffer.alloc(0);
  for await (const part of partsOf(reader, cid, range.offset, end)) {
    throwIfAborted(range.signal);
    const place = reader.placeOf(part.cid);
    const from = part.offsetInBlock + Math.max(0, range.offset - part.start);
    const to = part.offsetInBlock + Math.min(part.length, end - part.start);
    if (buffer.length < place.length) buffer = Buffer.allocUnsafeSlow(place.length);
    const block = await reader.getInto(part.cid, place, buffer);
    yield block.subarray(from, to);
  }
}

/** Yields the parts that overlap `[start, end)` in order, skipping what lies before without reading it. */
async function* partsOf(
  reader: PackReader,
  root: Cid,
  start: number,
  end: number,
): AsyncGenerator<FilePart> {
  /** What is still to be visited, the next one last. `fileSize` is what the parent says. */
  const stack: { cid: Cid; start: number; fileSize: number | undefined; depth: number }[] = [
    { cid: root, start: 0, fileSize: undefined, depth: 0 },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { cid, fileSize, depth } = next;
    if (depth > MAX_DEPTH) throw tooDeep(cid);
    const node = codecOf(cid) === CODEC.raw ? undefined : await readNode(reader, cid);
    const length = node?.fileSize ?? reader.placeOf(cid).length;
    if (fileSize !== undefined && fileSize !== length) throw otherSize(cid, length, fileSize);
    if (node === undefined || node.children.length === 0) {
      if (length > 0 && next.start + length > start) {
        yield { cid, start: next.start, length, offsetInBlock: node?.inlineOffset ?? 0 };
      }
      continue;
    }
    let childStart = next.start + length;
    for (const { cid: child, fileSize: size } of node.children.toReversed()) {
      childStart -= size;
      if (childStart >= end || childStart + size <= start) continue;
      stack.push({ cid: child, start: childStart, fileSize: size, depth: depth + 1 });
    }
  }
}

async function readNode(reader: PackReader, cid: Cid): Promise<ReadNode> {
  const bytes = await reader.get(cid);
  if (codecOf(cid) !== CODEC.dagPb) {
    throw inconsistentFile(cid, 'it is neither a leaf nor a file node');
  }
  const node = decodeFileNode(bytes);
  const inlineOffset = node.inline.length > 0 ? node.inline.byteOffset - bytes.byteOffset : 0;
  return { ...node, inlineOffset };
}
