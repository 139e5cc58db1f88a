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
  /** `image/webp` or `image/png` of at most 512 pixels a side, or `text/plain` in UTF-8. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Shows assets at a glance. Foreign bytes are read by other processes with limits on time, memory and
 * output, that have no name from outside, follow no reference and are gone when the promise settles.
 */
export interface Previews {
  /**
   * Returns a picture made small, a frame of a film, the shape of a sound, the first page of a PDF, or
   * the beginning of a text. Nothing is kept.
   *
   * @throws {ArchiveError} `tool_missing`, `media_unsuitable`, `media_unreadable`, `work_limit`,
   * `aborted`, and what reading throws.
   */
  make(original: Original, signal?: AbortSignal): Promise<Preview>;
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
