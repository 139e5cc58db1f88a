/** A picture as 8-bit grey values, row after row. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

const WHITE = 255;
const HALF = 0x8000;

/** Returns the luma (ITU-R 601-2, as Pillow rounds it) of pixels of one to four channels, on white. */
export function toGrey(
  pixels: Uint8Array,
  channels: number,
  width: number,
  height: number,
): GreyPicture {
  const grey = new Uint8Array(width * height);
  writeGrey(pixels, channels, grey);
  return { width, height, grey };
}

/** Writes the luma of as many pixels as there is room for. */
export function writeGrey(pixels: Uint8Array, channels: number, grey: Uint8Array): void {
  const isColour = channels > 2;
  const hasAlpha = channels % 2 === 0;
  if (isColour && !hasAlpha) {
    // Nearly every photograph: the loop that counts.
    for (let at = 0, from = 0; at < grey.length; at += 1, from += 3) {
      grey[at] = lumaOf(pixels[from] ?? 0, pixels[from + 1] ?? 0, pixels[from + 2] ?? 0);
    }
    return;
  }
  for (let at = 0, from = 0; at < grey.length; at += 1, from += channels) {
    const alpha = hasAlpha ? (pixels[from + channels - 1] ?? 0) : WHITE;
    const value = (place: number) => onWhite(pixels[from + place] ?? 0, alpha);
    grey[at] = isColour ? lumaOf(value(0), value(1), value(2)) : value(0);
  }
}

function lumaOf(red: number, green: number, blue: number): number {
  return (red * 19_595 + green * 38_470 + blue * 7_471 + HALF) >> 16;
}

function onWhite(value: number, alpha: number): number {
  return alpha === WHITE ? value : Math.round((value * alpha + WHITE * (WHITE - alpha)) / WHITE);
}
