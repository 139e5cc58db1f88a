import type { RandomAccess } from '../inspector.ts';
import { type MetadataBlock, TEXT_BYTES } from '../readers/metadata-block.ts';
import { decodeUserComment, decodeUtf8OrLatin1, decodeXml } from '../readers/text-encoding.ts';
import { readTiffTags, TIFF_TAG } from '../readers/tiff-tags.ts';
import { xmlValues } from '../readers/xml-values.ts';
import { credentialTexts } from './credential-texts.ts';
import { type LabelledText, labelledTexts } from './labelled-text.ts';

/** Yields the texts of one metadata block in which a generator may have left something. */
export function* generatorTexts(block: MetadataBlock): Generator<LabelledText> {
  if (block.kind === 'text') {
    const { text, isCut } = block.text();
    yield* labelledTexts(block.place, block.key, text, isCut);
  } else if (block.kind === 'exif') yield* exifTexts(block.tiff());
  else if (block.kind === 'xmp') yield* xmpTexts(block.bytes());
  else yield* credentialTexts(block.bytes());
}

const EXIF_TEXTS: readonly (readonly [name: string, tag: number])[] = [
  ['Make', TIFF_TAG.make],
  ['Model', TIFF_TAG.model],
  ['ImageDescription', TIFF_TAG.imageDescription],
  ['Software', TIFF_TAG.software],
  ['Artist', TIFF_TAG.artist],
  ['UserComment', TIFF_TAG.userComment],
  ['XPComment', TIFF_TAG.xpComment],
];
/** Its bytes say in what encoding they are; Windows writes UTF-16 without saying so. */
const ENCODED: ReadonlySet<number> = new Set([TIFF_TAG.userComment, TIFF_TAG.xpComment]);
const EXIF_TAGS = new Set(EXIF_TEXTS.map(([, tag]) => tag));

function* exifTexts(tiff: RandomAccess): Generator<LabelledText> {
  const values = readTiffTags(tiff, EXIF_TAGS);
  for (const [name, tag] of EXIF_TEXTS) {
    const value = values.get(tag);
    if (value === undefined) continue;
    const decode = ENCODED.has(tag) ? decodeUserComment : decodeUtf8OrLatin1;
    const text = decode(value.subarray(0, TEXT_BYTES));
    yield* labelledTexts('exif', name, text, value.length > TEXT_BYTES);
  }
}

/** Most XMP has nothing of the kind, and taking it apart is slow. */
const SIGNS =
  /class_type|Steps: |sui_image_params|num_inference_steps|Job ID: |AISystemUsed|AIPromptInformation|with Google AI|AIGC|seed_mode|made with suno/;

function* xmpTexts(bytes: Uint8Array): Generator<LabelledText> {
  const text = decodeXml(bytes);
  if (!SIGNS.test(text)) return;
  for (const { name, value } of xmlValues(text)) yield* labelledTexts('xmp', name, value, false);
}
