import type { RandomAccess } from '../inspector.ts';

/**
 * A piece of metadata found in a container, read only when asked for.
 *
 * `text` has a key of its own; `exif` is a TIFF structure, `xmp` an XML text that may hold XMP,
 * `c2pa` a C2PA manifest store in JUMBF.
 */
export type MetadataBlock =
  | {
      readonly kind: 'text';
      /** Container and field, as a code: `png:tEXt`. */
      readonly place: string;
      readonly key: string;
      readonly text: () => BoundedText;
    }
  | { readonly kind: 'exif'; readonly tiff: () => RandomAccess }
  | { readonly kind: 'xmp' | 'c2pa'; readonly bytes: () => Uint8Array };

export interface BoundedText {
  readonly text: string;
  /** The container holds more than is given here. */
  readonly isCut: boolean;
}

/** Above this a text is cut. ComfyUI graphs reach hundreds of kB. */
export const TEXT_BYTES = 4 * 1024 * 1024;

/** Chunks of a container that are looked at; a PNG of 1.6 GB in chunks of 8 KiB has as many. */
export const MOST_CHUNKS = 200_000;
