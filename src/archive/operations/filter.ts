import { z } from 'zod';

/** What narrows a choice of assets, whatever their verdicts. */
export const filter = z.strictObject({
  text: z.string().exactOptional(),
  collection: z.string().exactOptional(),
  media: z.string().exactOptional(),
  licence: z.string().exactOptional(),
  maker: z.string().exactOptional(),
});
