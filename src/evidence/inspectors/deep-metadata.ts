import { exifToolFields } from '../deep/exiftool-fields.ts';
import { formatOf } from '../formats/format-of.ts';
import {
  type ByteSource,
  type Inspection,
  type Inspector,
  NOT_APPLICABLE,
  Unreadable,
} from '../inspector.ts';
import { metadataInspection } from '../metadata/metadata-inspection.ts';
import { StatedTypes } from '../metadata/stated-types.ts';
import type { Stretch } from '../nameless-file.ts';
import { bmffBoxes } from '../readers/bmff-boxes.ts';
import { type Container, containerOf } from '../readers/container.ts';

/**
 * What ExifTool sees of formats that the inspector `metadata` reads in part or not at all: raw pictures,
 * HEIF, TIFF, PSD, PDF, films, PostScript. Maker notes, IPTC records, boxes and tags of each format's own.
 *
 * Its facts are those of `metadata` and of `source-type`, which they stand beside, and whose maker notes
 * there are. The version counts what is read here and which ExifTool reads it.
 */
export const deepMetadata: Inspector = {
  name: 'deep-metadata',
  version: 2,
  readsAll: true,
  inspect,
};

/** Formats that are read whole elsewhere. To start a process for each would take longer than all else. */
const INLINE: ReadonlySet<Container> = new Set(['png', 'jpeg', 'webp', 'gif', 'svg', 'xml']);
const FORMATS =
  /^(?:image\/(?:tiff|hei[cf](?:-sequence)?|avif|vnd\.adobe\.photoshop|jp2|jpx|jpm|mj2|vnd\.ms-photo|x-.*-(?:cr[23]|nef|arw|dng|raf|rw2|orf))|video\/.*|application\/(?:pdf|postscript|eps|x-indesign))$/;
const FILM = /^video\/(?:mp4|quicktime|x-m4v|3gpp2?)$/;
/** More than this is not copied for a foreign program. */
const MOST_BYTES = 512 * 1024 * 1024;

async function inspect(source: ByteSource): Promise<Inspection> {
  if (INLINE.has(containerOf(source))) return NOT_APPLICABLE;
  const mediaType = (await formatOf(source))?.mediaType ?? '';
  if (!FORMATS.test(mediaType)) return NOT_APPLICABLE;
  const stretches = FILM.test(mediaType) ? withoutSamples(source) : undefined;
  const copied = stretches?.reduce((sum, { length }) => sum + length, 0) ?? source.size;
  if (copied > MOST_BYTES) throw new Unreadable('limit', 'a file of too many bytes for ExifTool');
  const { fields, sourceTypes, makerNotes, complaint } = await exifToolFields(source, stretches);
  const seen = metadataInspection(fields);
  const stated = new StatedTypes();
  stated.addAll('exiftool', sourceTypes);
  const isNothing = seen.outcome === 'none' && stated.isEmpty && makerNotes === null;
  if (isNothing && complaint !== undefined) throw new Unreadable('malformed', complaint);
  const types = { digitalSourceTypes: stated.terms, unknown: stated.unknown };
  return {
    outcome: isNothing ? 'none' : 'found',
    facts: { ...seen.facts, makerNotes, ...types },
    raw: [...seen.raw, ...stated.raw],
  };
}

/** Returns a film without its pictures and sounds, of which ExifTool reads nothing. */
function withoutSamples(source: ByteSource): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const { type, offset, length } of bmffBoxes(source, 0, source.size)) {
    if (type !== 'mdat') continue;
    stretches.push({ offset: from, length: offset - from });
    from = offset + length;
  }
  return [...stretches, { offset: from, length: source.size - from }];
}
