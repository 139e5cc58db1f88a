import { type Cid, CODEC, cidFromDigest, codecOf, digestOf } from '../../core/cid.ts';
import type { FileLink } from '../../core/unixfs/file-node.ts';
import { DIGEST_BYTES } from '../packs/pack-format.ts';
import type { Place } from '../packs/pack-index.ts';
import type { PackReader } from '../packs/pack-reader.ts';

/** A block that was hashed is believed for so long. */
const FORGET_MS = 3_600_000;

const UNKNOWN = -1;

/**
 * The parts of a file that one node links to, in columns: of each where it begins, which block it is, where
 * that lies, and whether its bytes were found sound lately. A block that holds bytes of the file itself is
 * a node of one part, which is that block.
 *
 * What the node says never changes. Places are looked up again once any block was given up or moved.
 */
export class NodeParts {
  /** Bytes of the file below the node. */
  readonly size: number;
  readonly count: number;
  /** Bytes of the blocks below the node. */
  readonly dagSize: number;
  /** Undefined for a node of links; else where the bytes begin in the block, which is the only part. */
  readonly offsetInBlock: number | undefined;
  readonly #starts: Float64Array;
  readonly #digests: Uint8Array;
  readonly #codecs: Uint32Array;
  readonly #packs: Int32Array;
  readonly #offsets: Float64Array;
  readonly #lengths: Uint32Array;
  readonly #sound: Uint8Array;
  #moves = UNKNOWN;
  #since = 0;

  private constructor(links: readonly FileLink[], offsetInBlock: number | undefined) {
    const { length } = links;
    this.count = length;
    this.offsetInBlock = offsetInBlock;
    this.#starts = new Float64Array(length + 1);
    this.#digests = new Uint8Array(length * DIGEST_BYTES);
    this.#codecs = new Uint32Array(length);
    this.#packs = new Int32Array(length);
    this.#offsets = new Float64Array(length);
    this.#lengths = new Uint32Array(length);
    this.#sound = new Uint8Array(length);
    let [start, dagSize] = [0, 0];
    for (const [index, link] of links.entries()) {
      this.#digests.set(digestOf(link.cid), index * DIGEST_BYTES);
      this.#codecs[index] = codecOf(link.cid);
      start += link.fileSize;
      dagSize += link.dagSize;
      this.#starts[index + 1] = start;
    }
    this.size = start;
    this.dagSize = dagSize;
  }

  static ofLinks(links: readonly FileLink[]): NodeParts {
    return new NodeParts(links, undefined);
  }

  /** A block with so many bytes of the file, the first of them at `offset`. */
  static ofBlock(cid: Cid, fileSize: number, offset: number): NodeParts {
    return new NodeParts([{ cid, fileSize, dagSize: 0 }], offset);
  }

  codecAt(index: number): number {
    return this.#codecs[index] ?? UNKNOWN;
  }

  /** Says whether a part has parts itself, as whatever holds no bytes of the file alone may have. */
  isNode(index: number): boolean {
    return this.offsetInBlock === undefined && this.codecAt(index) !== CODEC.raw;
  }

  cidAt(index: number): Cid {
    return cidFromDigest(this.codecAt(index), this.#digestAt(index));
  }

  startOf(index: number): number {
    return this.#starts[index] ?? this.size;
  }

  sizeOf(index: number): number {
    return this.startOf(index + 1) - this.startOf(index);
  }

  /** Returns the part that holds this byte; {@link NodeParts.count} behind the last one. */
  indexAt(byte: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.startOf(middle + 1) > byte) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** @throws {ArchiveError} `block_missing`. */
  placeOf(index: number, reader: PackReader): Place {
    this.#refresh(reader);
    const codec = this.codecAt(index);
    const [pack = UNKNOWN, offset = 0, length = 0] = [
      this.#packs[index],
      this.#offsets[index],
      this.#lengths[index],
    ];
    if (pack !== UNKNOWN) return { pack, offset, length, codec };
    const place = reader.findDigest(this.#digestAt(index)) ?? reader.placeOf(this.cidAt(index));
    this.#packs[index] = place.pack;
    this.#offsets[index] = place.offset;
    this.#lengths[index] = place.length;
    return place;
  }

  /** Says whether what lies at the place that was told last was hashed within the last hour. */
  isSound(index: number): boolean {
    return this.#sound[index] === 1;
  }

  /** Notes that the part was hashed; `moves` is what the reader told when its place was looked up. */
  setSound(index: number, moves: number): void {
    if (moves === this.#moves) this.#sound[index] = 1;
  }

  #refresh({ moves }: PackReader): void {
    const now = performance.now();
    if (moves === this.#moves && now - this.#since < FORGET_MS) return;
    if (moves !== this.#moves) this.#packs.fill(UNKNOWN);
    this.#moves = moves;
    this.#since = now;
    this.#sound.fill(0);
  }

  #digestAt(index: number): Uint8Array {
    return this.#digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
  }
}
