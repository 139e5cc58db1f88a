import sharp from 'sharp';

/** A picture with much to see, another for each number. */
export function picture(number: number) {
  const side = 200;
  const grey = Buffer.from(
    Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [at % side, Math.floor(at / side)];
      return 127 + 63 * Math.sin((x + number * y) / 9) + 63 * Math.cos((y * number - x) / 13);
    }),
  );
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } });
}
