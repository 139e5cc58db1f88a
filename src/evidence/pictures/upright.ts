import type { GreyPicture } from './grey-picture.ts';

/** Pixels across and down that are turned together, so that both pictures stay in the processor's cache. */
const TILE = 64;

/**
 * Returns a picture as it is to be looked at.
 *
 * @param orientation As EXIF counts it (2.32, 4.6.4): where the first row and the first column of what is stored
 * lie. Whatever it does not know is 1, upright.
 */
export function upright(picture: GreyPicture, orientation: number): GreyPicture {
  if (!(orientation >= 2 && orientation <= 8)) return picture;
  const { width, height, grey } = picture;
  const isTurned = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const column = fromRight ? -1 : 1;
  const row = fromBottom ? -width : width;
  const first = (fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0);
  const [across, down] = isTurned ? [height, width] : [width, height];
  const [right, below] = isTurned ? [row, column] : [column, row];
  const turned = new Uint8Array(grey.length);
  for (let top = 0; top < down; top += TILE) {
    const bottom = Math.min(top + TILE, down);
    for (let left = 0; left < across; left += TILE) {
      const end = Math.min(left + TILE, across);
      for (let y = top; y < bottom; y += 1) {
        let from = first + y * below + left * right;
        for (let to = y * across + left; to < y * across + end; to += 1) {
          turned[to] = grey[from] ?? 0;
          from += right;
        }
      }
    }
  }
  return { width: across, height: down, grey: turned };
}
