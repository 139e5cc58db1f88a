import { type RandomAccess, Unreadable } from '../inspector.ts';
import { bmffBoxes, firstBox } from './bmff-boxes.ts';

const MOST_KEYS = 1_000;
const LONGEST_NAME = 256;

/**
 * Returns the names that a film gives its metadata itself, in their order (QuickTime File Format, metadata
 * item keys): items refer to them by number, from 1. None if it has no such table or its boxes are broken.
 */
export function mp4Keys(source: RandomAccess): readonly string[] {
  try {
    const film = firstBox(source, 'moov', { offset: 0, length: source.size });
    const inner = film && (firstBox(source, 'udta', film) ?? film);
    for (const parent of [film, inner]) {
      const meta = parent && firstBox(source, 'meta', parent);
      if (meta === undefined) continue;
      // ISO files have four bytes of version and flags here, QuickTime files have none.
      const isQuickTime = Buffer.from(source.read(meta.offset + 4, 4)).toString() === 'hdlr';
      const skip = isQuickTime ? 0 : 4;
      const children = { offset: meta.offset + skip, length: meta.length - skip };
      const keys = firstBox(source, 'keys', children);
      if (keys === undefined) continue;
      const boxes = bmffBoxes(source, keys.offset + 8, keys.offset + keys.length).take(MOST_KEYS);
      return [...boxes].map(({ offset, length }) =>
        Buffer.from(source.read(offset, Math.min(length, LONGEST_NAME))).toString(),
      );
    }
  } catch (error) {
    if (!(error instanceof Unreadable) || error.reason === 'io') throw error;
  }
  return [];
}
