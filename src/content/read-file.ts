import { throwIfAborted } from '../core/abort.ts';
import { type Cid, CODEC, codecOf } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Segment } from '../core/ports/content-store.ts';
import { decodeFileNode } from '../core/unixfs/file-node.ts';
import type { FileNodes, ReadNode } from './file-nodes.ts';
import type { Place } from './pack-index.ts';
import type { PackReader } from './pack-reader.ts';

/** Deeper than any tree of 1,024 links a node can be; a composed file adds its parts' depths. */
const MAX_DEPTH = 32;

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
  known?: FileNodes,
): Promise<{ readonly size: number; readonly dagSize: number } | undefined> {
  const place = reader.find(cid);
  if (place === undefined) return undefined;
  if (codecOf(cid) === CODEC.raw) return { size: place.length, dagSize: place.length };
  const { fileSize, children } = await readNode(reader, cid, known);
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

/** Streams a range of a file; each chunk is valid until the next one is asked for. */
export async function* readFile(
  reader: PackReader,
  cid: Cid,
  range: {
    readonly offset: number;
    readonly length: number;
    readonly signal: AbortSignal | undefined;
    /** Nodes that need not be read again; without them every block is hashed. */
    readonly known: FileNodes | undefined;
  },
): AsyncGenerator<Uint8Array> {
  const end = range.offset + range.length;
  let buffer = Buffer.alloc(0);
  for await (const part of partsOf(reader, cid, range.offset, end, range.known)) {
    throwIfAborted(range.signal);
    const place = reader.placeOf(part.cid);
    const from = part.offsetInBlock + Math.max(0, range.offset - part.start);
    const to = part.offsetInBlock + Math.min(part.length, end - part.start);
    if (range.known === undefined) {
      const block = await reader.getInto(part.cid, place, bufferFor(place.length));
      yield block.subarray(from, to);
    } else {
      yield await reader.getPart(part.cid, place, { from, to }, bufferFor);
    }
  }

  function bufferFor(byteLength: number): Uint8Array {
    if (buffer.length < byteLength) buffer = Buffer.allocUnsafeSlow(byteLength);
    return buffer;
  }
}

/** Yields the parts that overlap `[start, end)` in order, skipping what lies before without reading it. */
async function* partsOf(
  reader: PackReader,
  root: Cid,
  start: number,
  end: number,
  known?: FileNodes,
): AsyncGenerator<FilePart> {
  /** What is still to be visited, the next one last. `fileSize` is what the parent says. */
  const stack: { cid: Cid; start: number; fileSize: number | undefined; depth: number }[] = [
    { cid: root, start: 0, fileSize: undefined, depth: 0 },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { cid, fileSize, depth } = next;
    if (depth > MAX_DEPTH) throw inconsistent(cid, `it lies more than ${MAX_DEPTH} levels deep`);
    const node = codecOf(cid) === CODEC.raw ? undefined : await readNode(reader, cid, known);
    const length = node?.fileSize ?? reader.placeOf(cid).length;
    if (fileSize !== undefined && fileSize !== length) {
      throw inconsistent(cid, `it has ${length} bytes where its parent says ${fileSize}`);
    }
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

async function readNode(reader: PackReader, cid: Cid, known?: FileNodes): Promise<ReadNode> {
  const before = known?.get(cid);
  if (before !== undefined) return before;
  const bytes = await reader.get(cid);
  if (codecOf(cid) !== CODEC.dagPb) throw inconsistent(cid, 'it is neither a leaf nor a file node');
  const node = decodeFileNode(bytes);
  const inlineOffset = node.inline.length > 0 ? node.inline.byteOffset - bytes.byteOffset : 0;
  const read = { ...node, inlineOffset };
  known?.add(cid, read);
  return read;
}

function inconsistent(cid: Cid, what: string): ArchiveError {
  return new ArchiveError('input_invalid', `the block ${cid} cannot be read as a file: ${what}`);
}
