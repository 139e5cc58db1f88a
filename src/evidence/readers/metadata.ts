import type { ByteSource } from '../inspector.ts';
import { bmffMetadata } from './bmff-metadata.ts';
import type { Container } from './container.ts';
import { embeddedMetadata, isSearchedWhole } from './embedded-metadata.ts';
import { gifMetadata } from './gif-metadata.ts';
import { gltfMetadata } from './gltf-metadata.ts';
import { iptcRecords, photoshopIptc } from './iptc-records.ts';
import { jpegMetadata } from './jpeg-metadata.ts';
import type { MetadataBlock } from './metadata-block.ts';
import { pdfMetadata } from './pdf-metadata.ts';
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
    case 'gif':
      return gifMetadata(source);
    case 'pdf':
      return pdfMetadata(source);
    case 'bmff':
      return bmffMetadata(source);
    case 'gltf':
      return gltfMetadata(source);
    case 'media':
    case 'embedded':
      return embeddedMetadata(source);
    case 'other':
      return [];
  }
}

/** Formats in which metadata is found by searching for it, not by following their structure. */
const SEARCHED: ReadonlySet<Container> = new Set(['pdf', 'bmff', 'media', 'embedded']);

/** True if {@link metadataOf} sees every place of a file in which metadata may stand. */
export function isReadWhole(source: ByteSource, container: Container): boolean {
  return !SEARCHED.has(container) || isSearchedWhole(source.size);
}

/** A TIFF is an EXIF structure itself; XMP, IPTC and C2PA are tags of its first directory. */
function* tiffMetadata(source: ByteSource): Generator<MetadataBlock> {
  yield { kind: 'exif', tiff: () => source };
  const { xmp, c2pa, iptc, photoshop } = TIFF_TAG;
  const tags = readTiffTags(source, new Set([xmp, c2pa, iptc, photoshop]));
  const packet = tags.get(xmp);
  const store = tags.get(c2pa);
  if (packet !== undefined) yield { kind: 'xmp', bytes: () => packet };
  yield* iptcRecords(tags.get(iptc) ?? new Uint8Array());
  yield* photoshopIptc(tags.get(photoshop) ?? new Uint8Array());
  if (store !== undefined) yield { kind: 'c2pa', bytes: () => store };
}
