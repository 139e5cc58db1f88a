import { z } from 'zod';

/** `makers` in `ringfence.json`: what is taken from makers who are no members. */
export const makerSettings = z.strictObject({
  open: z
    .boolean()
    .default(false)
    .describe(
      'Whether makers for whose keys a steward has vouched may declare and consent over HTTP.',
    ),
  claimsPerDay: z
    .int()
    .min(1)
    .max(100_000)
    .default(40)
    .describe('Claims that are taken in a day of one key, and of one address.'),
  perHour: z
    .int()
    .min(1)
    .max(100_000)
    .default(60)
    .describe(
      'Questions that one address may ask in an hour, and withdrawal codes that it may try.',
    ),
});
