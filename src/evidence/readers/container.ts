import type { ByteSource } from '../inspector.ts';
import { isBmff } from './bmff-boxes.ts';
import { hasAscii } from './bytes.ts';
import { isGif } from './gif-metadata.ts';
import { isGlb } from './gltf-metadata.ts';
import { isJpeg } from './jpeg-segments.ts';
import { isPng } from './png-chunks.ts';
import { isWebp } from './riff-chunks.ts';
import { beginsAsMarkup, rootElement } from './root-element.ts';
import { isTiff } from './tiff-tags.ts';

/**
 * How metadata lies in a file, which is coarser than its format: `media` is sound and film with tags of
 * its own, `bmff` pictures and films made of boxes; `embedded` formats carry XMP and C2PA as they are,
 * somewhere; `other` has no place for them that is known here.
 */
export type Container =
  | 'png'
  | 'jpeg'
  | 'webp'
  | 'gif'
  | 'tiff'
  | 'svg'
  | 'xml'
  | 'pdf'
  | 'bmff'
  | 'gltf'
  | 'media'
  | 'embedded'
  | 'other';

/** Marks of sound and film: text and where it stands. */
const MEDIA: readonly (readonly [offset: number, mark: string])[] = [
  [0, 'ID3'],
  [0, 'fLaC'],
  [0, 'OggS'],
  [8, 'WAVE'],
  [8, 'AIFF'],
  [8, 'AIFC'],
  [0, '\x1a\x45\xdf\xa3'],
];

/** Marks of embedded formats: text and where it stands. */
const EMBEDDED: readonly (readonly [offset: number, mark: string])[] = [
  [0, '%!PS'],
  [0, '\xc5\xd0\xd3\xc6'],
  [0, '8BPS'],
  [0, 'RIFF'],
  [0, 'RF64'],
  [0, 'FORM'],
  [0, 'FUJIFILM'],
  [0, 'IIRO'],
  [0, 'IIU\0'],
  [0, 'II+\0'],
  [0, 'MM\0+'],
  [0, 'OTTO'],
  [0, 'ttcf'],
  [0, 'wOF'],
  [0, '\0\x01\0\0\0'],
  [0, '\xff\x0a'],
  [0, '\xff\x4f\xff\x51'],
  [4, 'jumb'],
];

export function containerOf(source: ByteSource): Container {
  const head = source.head;
  if (isPng(head)) return 'png';
  if (isJpeg(head)) return 'jpeg';
  if (isWebp(head)) return 'webp';
  if (isTiff(head)) return 'tiff';
  if (isGif(head)) return 'gif';
  if (hasAscii(head, 0, '%PDF')) return 'pdf';
  if (isBmff(head)) return 'bmff';
  if (isGlb(head)) return 'gltf';
  const has = ([offset, mark]: readonly [number, string]) => hasAscii(head, offset, mark);
  if (MEDIA.some(has) || isMpegAudio(head)) return 'media';
  if (EMBEDDED.some(has)) return 'embedded';
  if (!beginsAsMarkup(head)) return 'other';
  return rootElement(source)?.name === 'svg' ? 'svg' : 'xml';
}

/** A frame header of layer II or III (ISO 11172-3, 2.4.1.3), its fields all of values that there are. */
function isMpegAudio(head: Uint8Array): boolean {
  const [sync, second = 0, third = 0] = head;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const isFrame = sync === 0xff && second >> 5 === 7 && version !== 1;
  const isRated = third >> 4 !== 0 && third >> 4 !== 15 && ((third >> 2) & 3) !== 3;
  return isFrame && isRated && (layer === 1 || layer === 2);
}
