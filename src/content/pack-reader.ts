import { read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Cid, digestOf } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Segment } from '../core/ports/content-store.ts';
import type { PackFiles } from './pack-files.ts';
import type { Place } from './pack-index.ts';
import type { PackWriter } from './pack-writer.ts';
import { sha256 } from './sha256.ts';
import { SoundPlaces } from './sound-places.ts';
import { toStorageError } from './storage-error.ts';

const readAsync = promisify(read);

/** Up to this size a read on the spot costs a third of a handed-over one and blocks nobody for long. */
const SMALL_BYTES = 65_536;

/** A `Buffer` would have another `slice` than what libraries expect of bytes. */
function unfilled(byteLength: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(byteLength).buffer);
}

/** Reads blocks and hands out none that does not match its CID. */
export class PackReader {
  readonly #files: PackFiles;
  readonly #writer: PackWriter;
  readonly #sound = new SoundPlaces();

  constructor(files: PackFiles, writer: PackWriter) {
    this.#files = files;
    this.#writer = writer;
  }

  has(cid: Cid): boolean {
    return this.find(cid) !== undefined;
  }

  find(cid: Cid): Place | undefined {
    return this.#writer.find(digestOf(cid));
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
   * Returns a part of a block, in `buffer`. Only that is read, and not hashed, if the block was found
   * sound here within the last hour; else the whole of it. Fails as {@link PackReader.get}.
   */
  async getPart(
    cid: Cid,
    place: Place,
    { from, to }: { readonly from: number; readonly to: number },
    bufferFor: (byteLength: number) => Uint8Array,
  ): Promise<Uint8Array> {
    if (this.#sound.has(place) && !this.#writer.isBuffered(place)) {
      const part = { ...place, offset: place.offset + from, length: to - from };
      const { wipes } = this.#writer;
      const bytes = await this.#read(part, bufferFor(part.length));
      if (bytes.length === part.length && this.#writer.wipes === wipes) return bytes;
    }
    const block = await this.getInto(cid, place, bufferFor(place.length));
    this.#sound.add(place);
    return block.subarray(from, to);
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
