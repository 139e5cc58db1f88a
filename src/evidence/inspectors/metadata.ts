import { type ByteSource, type Inspection, type Inspector, NOT_APPLICABLE } from '../inspector.ts';
import { type FieldText, fieldsIn } from '../metadata/gathered-fields.ts';
import { metadataInspection } from '../metadata/metadata-inspection.ts';
import { containerOf } from '../readers/container.ts';
import { mediaTexts } from '../readers/media-texts.ts';
import { metadataOf } from '../readers/metadata.ts';
import type { MetadataBlock } from '../readers/metadata-block.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * When a file says it was made, by what device and with what program (EXIF, XMP, IPTC, PDF information,
 * tags of sound and film), and where these contradict each other.
 *
 * All of it can be written by anybody. Whether a date lies in the future is not said here, since that
 * would change with the day: verdicts hold it against the deposit.
 */
export const metadata: Inspector = { name: 'metadata', version: 2, readsAll: false, inspect };

const MOST_FIELDS = 10_000;

async function inspect(source: ByteSource): Promise<Inspection> {
  const container = containerOf(source);
  if (container === 'other' || container === 'xml') {
    if (container === 'other' || !source.filename.toLowerCase().endsWith('.xmp')) {
      return NOT_APPLICABLE;
    }
  }
  const fields: FieldText[] = [];
  const shortfalls = new Shortfalls();
  const addFrom = (blocks: Iterable<MetadataBlock>) => {
    for (const block of blocks) {
      shortfalls.attempt(() => {
        for (const field of fieldsIn(block)) if (fields.length < MOST_FIELDS) fields.push(field);
      });
    }
  };
  shortfalls.attempt(() => addFrom(metadataOf(source, container)));
  await shortfalls.attemptAsync(async () => addFrom(await mediaTexts(source, container)));
  const said = fields.filter(({ text }) => text !== '');
  if (said.length === 0) shortfalls.throwIfAny();
  return metadataInspection(said);
}
