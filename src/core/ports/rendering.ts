import type { Cid } from '../cid.ts';
import type { Recipe } from '../renditions/recipes.ts';

/** The bytes of an asset for a program that shows or converts them. */
export interface Original {
  readonly size: number;
  /** As deposited; what the bytes are not is found out by reading them. */
  readonly mediaType: string;
  /** Yields the bytes, each block hashed; a chunk may be reused after the next is asked for. */
  read(): AsyncIterable<Uint8Array>;
}

export interface Preview {
  /** `image/webp` or `image/png`, or `text/plain` in UTF-8. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Shows assets at a glance. Foreign bytes are read by other processes with limits on time, memory and
 * output, that have no name from outside, follow no reference and are gone when the promise settles.
 */
export interface Previews {
  /**
   * Returns a picture made small, of at most 512 pixels a side, a frame of a film, the shape of a sound, the first page of a PDF, or
   * the beginning of a text. Nothing is kept.
   *
   * @throws {ArchiveError} `tool_missing`, `media_unsuitable`, `media_unreadable`, `work_limit`,
   * `aborted`, and what reading throws.
   */
  make(original: Original, signal?: AbortSignal): Promise<Preview>;

  /**
   * Returns a page of a PDF by its number, from 1, as `image/png` of at most 1400 pixels a side, to be read.
   *
   * @throws {ArchiveError} as {@link Previews.make}; `input_invalid` where there is no such page, `work_limit` for
   * more than 256 MiB.
   */
  page(original: Original, page: number, signal?: AbortSignal): Promise<Preview>;
}

/** Previews that were made before, so that whoever looks again need not wait. Whoever loses them loses nothing. */
export interface KeptPreviews {
  /**
   * Returns the preview of an asset that is kept, or what `make` gives, which is kept. As many are made at a
   * time as there are processors; of those that wait, the last that was asked for is the next. What `make`
   * refuses because of the bytes is refused again until this process ends.
   *
   * @throws {ArchiveError} `aborted` while it waits, and what `make` throws.
   */
  of(asset: Cid, make: () => Promise<Preview>, signal?: AbortSignal): Promise<Preview>;
  /** Makes something that is not kept, in turn with what is. @throws {ArchiveError} as {@link KeptPreviews.of}. */
  inTurn(make: () => Promise<Preview>, signal?: AbortSignal): Promise<Preview>;
  forget(asset: Cid): Promise<void>;
}

/** A file made by a recipe, in a private folder that is gone when this is disposed. */
export interface MadeRendition extends AsyncDisposable {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Version of the tool that made it, of the library behind it where that has another. */
  readonly version: string;
}

/** Makes renditions, with the limits of {@link Previews}. */
export interface Renditions {
  /**
   * Makes a file by a recipe. The same tool in the same version gives the same bytes.
   *
   * @throws {ArchiveError} as {@link Previews.make}, and `disk_full`.
   */
  make(original: Original, recipe: Recipe, signal?: AbortSignal): Promise<MadeRendition>;
}
