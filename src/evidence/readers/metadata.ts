import type { ByteSource } from '../inspector.ts';
import type { Container } from './container.ts';
import { embeddedMetadata } from './embedded-metadata.ts';
import { jpegMetadata } from './jpeg-metadata.ts';
import type { MetadataBlock } from './metadata-block.ts';
import { pngMetadata } from './png-metadata.ts';
import { readTiffTags, TIFF_TAG } from './tiff-tags.ts';
import { webpMetadata } from './webp-metadata.ts';
import { xmlMetadata } from './xml-metadata.ts';

/**
 * Yields the metadata blocks of a container, in the order in which they are found.
 *
 * @throws {Unreadable} after what could be read, if there is more that could not.
 */
export function metadataOf(source: ByteSource, container: Container): Iterable<MetadataBlock> {
  switch (container) {
    case 'png':
      return pngMetadata(source);
    case 'jpeg':
      return jpegMetadata(source);
    case 'webp':
      return webpMetadata(source);
    case 'tiff':
      return tiffMetadata(source);
    case 'svg':
    case 'xml':
      return xmlMetadata(source);
    case 'embedded':
      return embeddedMetadata(source);
    case 'other':
      return [];
  }
}

/** A TIFF is an EXIF structure itself; XMP and C2PA are tags of its first directory. */
function* tiffMetadata(source: ByteSource): Generator<MetadataBlock> {
  yield { kind: 'exif', tiff: () => source };
  const tags = readTiffTags(source, new Set([TIFF_TAG.xmp, TIFF_TAG.c2pa]));
  const xmp = tags.get(TIFF_TAG.xmp);
  const store = tags.get(TIFF_TAG.c2pa);
  if (xmp !== undefined) yield { kind: 'xmp', bytes: () => xmp };
  if (store !== undefined) yield { kind: 'c2pa', bytes: () => store };
}
