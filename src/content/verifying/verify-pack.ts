import { readSync } from 'node:fs';
import { type Cid, CODEC, cidFromDigest } from '../../core/cid.ts';
import type { ContentProblem } from '../../core/ports/content-store.ts';
import { decodeMark } from '../packs/commit-mark.ts';
import type { PackFiles } from '../packs/pack-files.ts';
import { PACK_HEADER } from '../packs/pack-format.ts';
import type { IndexedBlock, PackIndex } from '../packs/pack-index.ts';
import { type ScannedBlock, type ScannedFrame, scanPack } from '../packs/scan-pack.ts';
import { sha256 } from '../sha256.ts';

/** What to check one pack against, and whom to tell. */
export interface PackCheck {
  readonly files: PackFiles;
  /** Undefined if the index is damaged; then the pack is checked against itself only. */
  readonly index: PackIndex | undefined;
  readonly pack: { readonly id: number; readonly length: number };
  readonly signal: AbortSignal | undefined;
  readonly onFrame: (frame: ScannedFrame) => void;
  /** Called for every frame whose block was destroyed there. */
  readonly onDestroyed: (cid: Cid) => void;
  /** Called for every sound node, with the bytes of its block. */
  readonly onNode: (bytes: Uint8Array) => void;
}

/**
 * Reads one pack and yields what is wrong with it. Every byte up to its length is covered: the
 * header, the head of every frame, the blocks, the marks; and every row that the index has for it.
 */
export async function* verifyPack(check: PackCheck): AsyncGenerator<ContentProblem> {
  const { files, index, pack, signal } = check;
  const path = files.pathOf(pack.id);
  const fd = files.descriptor(pack.id);
  const rows = new RowCursor(index, pack.id);
  const header = readBytes(fd, 0, PACK_HEADER.length);
  if (Buffer.compare(header, PACK_HEADER) !== 0) yield damaged(path, 0, 'its CAR header');
  for await (const frame of scanPack(fd, PACK_HEADER.length, pack.length, signal)) {
    check.onFrame(frame);
    const region = { pack: pack.id, start: frame.start, end: frame.end };
    const isDead = index?.isDead(region) === true;
    const skipped = rows.before(frame.kind === 'block' ? frame.offset : frame.end);
    for (const row of skipped) yield checkRow(fd, path, row);
    if (frame.kind === 'garbage') {
      const what = `${frame.end - frame.start} bytes that are no frame`;
      if (skipped.length === 0 && !isDead) yield damaged(path, frame.start, what);
    } else if (frame.kind === 'mark') {
      if (decodeMark(frame.payload) === undefined)
        yield damaged(path, frame.start, 'a commit mark');
    } else if (isDead) {
      if (index.isDestroyed(region)) check.onDestroyed(cidFromDigest(frame.codec, frame.digest));
    } else {
      const problem = checkBlock(check, frame, rows.at(frame.offset));
      if (problem !== undefined) yield problem;
      else if (frame.codec === CODEC.dagPb) check.onNode(frame.bytes);
    }
  }
  for (const row of rows.before(pack.length)) yield checkRow(fd, path, row);
}

function checkBlock(
  { files, index, pack }: PackCheck,
  frame: ScannedBlock,
  row: IndexedBlock | undefined,
): ContentProblem | undefined {
  const path = files.pathOf(pack.id);
  const cid = cidFromDigest(row?.codec ?? frame.codec, row?.digest ?? frame.digest);
  if (!frame.isIntact) {
    if (row !== undefined && Buffer.compare(sha256(frame.bytes), row.digest) === 0) {
      return damaged(path, frame.start, `the head of the frame of ${cid}`);
    }
    const text = `the block ${cid} is damaged: ${path}, ${frame.bytes.length} bytes at offset ${frame.offset}; restore it from a copy`;
    return { code: 'block_corrupt', subject: cid, text };
  }
  if (index === undefined) return undefined;
  if (row === undefined) {
    // A second copy of a block is fine, as long as the index has one of them.
    if (index.find(frame.digest) !== undefined) return undefined;
    return wrongIndex(index, `does not have the block ${cid} at offset ${frame.offset} of ${path}`);
  }
  if (Buffer.compare(row.digest, frame.digest) !== 0 || row.length !== frame.bytes.length) {
    return wrongIndex(index, `has another block than ${path} at offset ${frame.offset}`);
  }
  if (row.codec === frame.codec) return undefined;
  return damaged(path, frame.start, `the codec of ${cid} (${frame.codec}, indexed ${row.codec})`);
}

/** Says why no frame of the pack has the place where the index has a block. */
function checkRow(fd: number, path: string, row: IndexedBlock): ContentProblem {
  const cid = cidFromDigest(row.codec, row.digest);
  const bytes = readBytes(fd, row.offset, row.length);
  if (Buffer.compare(sha256(bytes), row.digest) === 0) {
    return damaged(path, row.offset, `the head of the frame of ${cid}, before its bytes`);
  }
  const text = `the block ${cid} is not where the index has it: ${path}, ${row.length} bytes at offset ${row.offset}; restore the pack from a copy`;
  return { code: 'block_corrupt', subject: cid, text };
}

function damaged(path: string, offset: number, what: string): ContentProblem {
  const text = `${path} is damaged at offset ${offset}: ${what}; restore it from a copy`;
  return { code: 'home_corrupt', subject: path, text };
}

function wrongIndex(index: PackIndex, what: string): ContentProblem {
  const text = `the index ${index.path} ${what}; move it away, and it is rebuilt from the packs`;
  return { code: 'home_corrupt', subject: index.path, text };
}

function readBytes(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}

/** The index's rows of one pack, in the order of the pack. */
class RowCursor {
  readonly #index: PackIndex | undefined;
  readonly #pack: number;
  #page: IndexedBlock[] = [];
  #next = 0;
  #isEnd = false;

  constructor(index: PackIndex | undefined, pack: number) {
    this.#index = index;
    this.#pack = pack;
  }

  /** Takes the rows that lie before an offset. */
  before(offset: number): IndexedBlock[] {
    const rows: IndexedBlock[] = [];
    for (let row = this.#peek(); row !== undefined && row.offset < offset; row = this.#peek()) {
      rows.push(row);
      this.#next += 1;
    }
    return rows;
  }

  /** Takes the row at exactly this offset, if it is the next one. */
  at(offset: number): IndexedBlock | undefined {
    const row = this.#peek();
    if (row?.offset !== offset) return undefined;
    this.#next += 1;
    return row;
  }

  #peek(): IndexedBlock | undefined {
    const last = this.#page.at(-1)?.offset ?? -1;
    if (this.#next >= this.#page.length && !this.#isEnd) {
      this.#page = this.#index?.blocksAfter(this.#pack, last) ?? [];
      this.#next = 0;
      this.#isEnd = this.#page.length === 0;
    }
    return this.#page[this.#next];
  }
}
