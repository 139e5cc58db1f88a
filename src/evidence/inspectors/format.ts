import { formatOf } from '../formats/format-of.ts';
import { pictureSize } from '../formats/picture-size.ts';
import type { ByteSource, Inspection, Inspector } from '../inspector.ts';

/** What a file is: its media type, what that rests on, and the size of a picture. */
export const format: Inspector = { name: 'format', version: 1, readsAll: false, inspect };

async function inspect(source: ByteSource): Promise<Inspection> {
  const known = await formatOf(source);
  if (known === undefined) {
    const facts = { mediaType: 'application/octet-stream', basis: null };
    return { outcome: 'none', facts, raw: [] };
  }
  const facts = { ...known, ...pictureSize(source, known.mediaType) };
  return { outcome: 'found', facts, raw: [] };
}
