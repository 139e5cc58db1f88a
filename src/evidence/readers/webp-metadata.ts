import type { RandomAccess } from '../inspector.ts';
import { BytesAccess, hasAscii } from './bytes.ts';
import type { MetadataBlock } from './metadata-block.ts';
import { riffChunks } from './riff-chunks.ts';

/** Yields the `EXIF`, `XMP ` and `C2PA` chunks of a WebP (RFC 9649, 2.7.1.5; C2PA 2.2, A.3.6). */
export function* webpMetadata(source: RandomAccess): Generator<MetadataBlock> {
  for (const { type, offset, length } of riffChunks(source)) {
    const bytes = () => source.read(offset, length);
    if (type === 'EXIF')
      yield { kind: 'exif', tiff: () => new BytesAccess(withoutJpegPrefix(bytes())) };
    else if (type === 'XMP ') yield { kind: 'xmp', bytes };
    else if (type === 'C2PA') yield { kind: 'c2pa', bytes };
  }
}

/** Not in the specification, but common. */
function withoutJpegPrefix(bytes: Uint8Array): Uint8Array {
  return hasAscii(bytes, 0, 'Exif\0\0') ? bytes.subarray(6) : bytes;
}
