import { z } from 'zod';

/** What the process of `picture-worker.ts` is to make of the picture on its standard input. */
export const pictureOrder = z.strictObject({
  format: z.enum(['jpeg', 'png', 'webp']),
  side: z.int().min(1).max(16_384),
  quality: z.int().min(1).max(100).exactOptional(),
  /** The bytes are SVG: a drawing of any size, made as large as asked. */
  isDrawing: z.boolean(),
});

export type PictureOrder = z.output<typeof pictureOrder>;
