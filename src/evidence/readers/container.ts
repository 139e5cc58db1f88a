import type { ByteSource } from '../inspector.ts';
import { hasAscii } from './bytes.ts';
import { isJpeg } from './jpeg-segments.ts';
import { isPng } from './png-chunks.ts';
import { isWebp } from './riff-chunks.ts';
import { beginsAsMarkup, rootElement } from './root-element.ts';
import { isTiff } from './tiff-tags.ts';

/**
 * How metadata lies in a file, which is coarser than its format: `embedded` formats carry XMP and
 * C2PA as they are, somewhere; `other` has no place for them that is known here.
 */
export type Container = 'png' | 'jpeg' | 'webp' | 'tiff' | 'svg' | 'xml' | 'embedded' | 'other';

/** Marks of embedded formats: text and where it stands. */
const EMBEDDED: readonly (readonly [offset: number, mark: string])[] = [
  [0, '%PDF'],
  [0, '%!PS'],
  [0, '\xc5\xd0\xd3\xc6'],
  [0, '8BPS'],
  [0, 'GIF8'],
  [0, 'RIFF'],
  [0, 'RF64'],
  [0, 'FORM'],
  [0, 'ID3'],
  [0, 'fLaC'],
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
  [4, 'ftyp'],
  [4, 'styp'],
  [4, 'moov'],
  [4, 'mdat'],
  [4, 'free'],
  [4, 'wide'],
  [4, 'jumb'],
  [4, 'JXL '],
  [4, 'jP  '],
];

export function containerOf(source: ByteSource): Container {
  const head = source.head;
  if (isPng(head)) return 'png';
  if (isJpeg(head)) return 'jpeg';
  if (isWebp(head)) return 'webp';
  if (isTiff(head)) return 'tiff';
  if (EMBEDDED.some(([offset, mark]) => hasAscii(head, offset, mark))) return 'embedded';
  if (!beginsAsMarkup(head)) return 'other';
  return rootElement(source)?.name === 'svg' ? 'svg' : 'xml';
}
