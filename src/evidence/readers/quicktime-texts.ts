import { type RandomAccess, Unreadable } from '../inspector.ts';
import { bmffBoxes, firstBox } from './bmff-boxes.ts';
import { toBuffer } from './bytes.ts';
import { decodeUtf8OrLatin1 } from './text-encoding.ts';

const MOST_TEXTS = 1_000;
/** A text states its length in two bytes. */
const LONGEST = 0xffff;

/** Names of user data as other forms call them; the others keep their four letters. */
const NAMES: Readonly<Record<string, string>> = {
  '\xa9cmt': 'comment',
  '\xa9des': 'description',
  '\xa9inf': 'Description',
  '\xa9nam': 'Title',
  '\xa9swr': 'Software',
};

/**
 * Returns the texts that a QuickTime film has as user data (QuickTime File Format, user data text strings):
 * each with its length and its language in two bytes before it. None if its boxes are broken.
 */
export function quickTimeTexts(
  source: RandomAccess,
): readonly { readonly key: string; readonly text: string }[] {
  try {
    const film = firstBox(source, 'moov', { offset: 0, length: source.size });
    const data = film && firstBox(source, 'udta', film);
    if (data === undefined) return [];
    const boxes = bmffBoxes(source, data.offset, data.offset + data.length).take(MOST_TEXTS);
    return [...boxes].flatMap(({ type, offset, length }) => {
      if (!type.startsWith('\xa9')) return [];
      const bytes = toBuffer(source.read(offset, Math.min(length, LONGEST + 4)));
      if (bytes.length < 4 || bytes.readUInt16BE(0) > bytes.length - 4) return [];
      const text = decodeUtf8OrLatin1(bytes.subarray(4, 4 + bytes.readUInt16BE(0)));
      return [{ key: NAMES[type] ?? type.slice(1), text }];
    });
  } catch (error) {
    if (!(error instanceof Unreadable) || error.reason === 'io') throw error;
    return [];
  }
}
