import { type RandomAccess, Unreadable } from '../inspector.ts';
import { toBuffer } from './bytes.ts';
import type { MetadataBlock } from './metadata-block.ts';

/** An XML document is looked at as one text, so it is held in memory. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Yields an XML document as something that may hold XMP, and the C2PA store of an SVG, which stands
 * as base64 in `c2pa:manifest` (C2PA 2.2, A.3.5).
 *
 * @throws {Unreadable} `limit` above 16 MiB, after what is in the first 16 MiB.
 */
export function* xmlMetadata(source: RandomAccess): Generator<MetadataBlock> {
  const bytes = toBuffer(source.read(0, LARGEST));
  yield { kind: 'xmp', bytes: () => bytes };
  const start = bytes.indexOf('<c2pa:manifest');
  const content = start < 0 ? -1 : bytes.indexOf('>', start) + 1;
  if (content > 0) {
    const end = bytes.indexOf('<', content);
    const base64 = bytes.toString('latin1', content, end < 0 ? bytes.length : end);
    yield { kind: 'c2pa', bytes: () => Buffer.from(base64, 'base64') };
  }
  if (source.size > LARGEST) throw new Unreadable('limit', 'an XML document above 16 MiB');
}
