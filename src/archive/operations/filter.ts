import { z } from 'zod';
import { hex16 } from '../../core/statements/fields.ts';

/** What narrows a choice of assets, whatever their verdicts. */
export const filter = z.strictObject({
  text: z.string().meta({ maxLength: 10_000 }).exactOptional(),
  collection: z.string().exactOptional(),
  media: z.string().exactOptional(),
  licence: z.string().exactOptional(),
  maker: z.string().exactOptional(),
});

/** What narrows a listing, whatever the verdicts. */
export const listFilter = filter.extend({
  status: z.enum(['deposited', 'synthetic', 'withdrawn', 'removed']).exactOptional(),
  /** The salted id of a work: only its parts. */
  work: hex16.exactOptional(),
  /** The first year in which it may have been made. */
  year: z.int().exactOptional(),
  /** A did:key: only what it has declared or consented to. */
  signer: z.string().exactOptional(),
});
