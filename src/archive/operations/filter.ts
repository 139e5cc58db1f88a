import { z } from 'zod';

/** What narrows a choice of assets, whatever their verdicts. */
export const filter = z.strictObject({
  text: z.string().exactOptional(),
  collection: z.string().exactOptional(),
  media: z.string().exactOptional(),
  licence: z.string().exactOptional(),
  maker: z.string().exactOptional(),
});

/** What narrows a listing, whatever the verdicts. */
export const listFilter = filter.extend({
  status: z.enum(['deposited', 'synthetic', 'withdrawn', 'removed']).exactOptional(),
  /** The first year in which it may have been made. */
  year: z.int().exactOptional(),
  /** A did:key: only what it has declared or consented to. */
  signer: z.string().exactOptional(),
});
