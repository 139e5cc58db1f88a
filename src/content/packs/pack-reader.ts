import { read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Cid, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Segment } from '../../core/ports/content-store.ts';
import { sha256 } from '../sha256.ts';
import { toStorageError } from '../storage-error.ts';
import type { PackFiles } from './pack-files.ts';
import type { Place } from './pack-index.ts';
import type { PackWriter } from './pack-writer.ts';

const readAsync = promisify(read);

/** Up to this size a read on the spot costs a third of a handed-over one and blocks nobody for long. */
export const SMALL_BYTES = 65_536;

/** A `Buffer` would have another `slice` than what libraries expect of bytes. */
function unfilled(byteLength: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(byteLength).buffer);
}

/** Reads blocks and hands out none that does not match its CID. */
export class PackReader {
  readonly #files: PackFiles;
  readonly #writer: PackWriter;

  constructor(files: PackFiles, writer: PackWriter) {
    this.#files = files;
    this.#writer = writer;
  }

  has(cid: Cid): boolean {
    return this.find(cid) !== undefined;
  }

  find(cid: Cid): Place | undefined {
    return this.findDigest(digestOf(cid));
  }

  findDigest(digest: Uint8Array): Place | undefined {
    return this.#writer.find(digest);
  }

  /** Another number as soon as a place that was told may not hold for good. */
  get moves(): number {
    return this.#writer.moves;
  }

  /**
   * Returns where the block lies.
   *
   * @throws {ArchiveError} `block_missing`.
   */
  placeOf(cid: Cid): Place {
    const place = this.find(cid);
    if (place !== undefined) return place;
    throw new ArchiveError('block_missing', `the block ${cid} is not stored here`);
  }

  /** Returns the places as runs of bytes in files, writing out those that are in memory only. */
  async segmentsOf(places: readonly Place[]): Promise<readonly Segment[]> {
    await this.#writer.writeOut(places);
    return places.map(({ pack, offset, length }) => {
      return { path: this.#files.pathOf(pack), offset, length };
    });
  }

  /**
   * Returns the bytes of the block, in the buffer that `bufferFor` gives for so many.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`, `home_corrupt` if the disk fails.
   */
  async get(
    cid: Cid,
    bufferFor: (byteLength: number) => Uint8Array = unfilled,
  ): Promise<Uint8Array> {
    const place = this.placeOf(cid);
    return this.getInto(cid, place, bufferFor(place.length));
  }

  /** Returns the bytes of the block that lies at `place`, in `buffer`. Fails as {@link PackReader.get}. */
  async getInto(cid: Cid, place: Place, buffer: Uint8Array): Promise<Uint8Array> {
    const bytes = this.#writer.bufferedBytes(place, buffer) ?? (await this.#read(place, buffer));
    if (Buffer.compare(sha256(bytes), digestOf(cid)) === 0) return bytes;
    // Destroyed while it was read, or stored anew elsewhere.
    const now = this.placeOf(cid);
    if (now.pack !== place.pack || now.offset !== place.offset) {
      return this.getInto(cid, now, buffer);
    }
    throw new ArchiveError(
      'block_corrupt',
      `the block ${cid} is damaged: ${this.#files.pathOf(place.pack)} holds other bytes at offset ` +
        `${place.offset}; run "verify" to see what else is, and restore the pack from a copy`,
    );
  }

  /**
   * Fills `target` with what begins at `from` in the block at this place, on the spot, unhashed. False if
   * it is in memory only, or less is there.
   */
  readAtOnce(place: Place, from: number, target: Uint8Array): boolean {
    if (this.#writer.isBuffered(place)) return false;
    const { pack, offset } = place;
    const fd = this.#files.descriptor(pack);
    try {
      return readSync(fd, target, 0, target.length, offset + from) === target.length;
    } catch (error) {
      throw toStorageError(this.#files.pathOf(pack), error);
    }
  }

  /** Does the same for many bytes, in another thread where they are many. */
  async readPart(place: Place, from: number, target: Uint8Array): Promise<boolean> {
    if (this.#writer.isBuffered(place)) return false;
    const part = { ...place, offset: place.offset + from, length: target.length };
    return (await this.#read(part, target)).length === target.length;
  }

  async #read(place: Place, buffer: Uint8Array): Promise<Uint8Array> {
    const { pack, offset, length } = place;
    const fd = this.#files.descriptor(pack);
    let done = 0;
    try {
      while (done < length) {
        const rest = [length - done, offset + done] as const;
        const count =
          length <= SMALL_BYTES
            ? readSync(fd, buffer, done, ...rest)
            : (await readAsync(fd, buffer, done, ...rest)).bytesRead;
        // What is behind the end of a shortened pack is missing bytes: they will not match the CID.
        if (count === 0) break;
        done += count;
      }
    } catch (error) {
      throw toStorageError(this.#files.pathOf(pack), error);
    }
    return buffer.subarray(0, done);
  }
}
