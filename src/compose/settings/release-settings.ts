import { z } from 'zod';

/** `releases` in `ringfence.json`: how releases are served. */
export const releaseSettings = z.strictObject({
  hotBytes: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe(
      'Bytes of shards that are kept as whole files for readers who come again; 0 keeps none.',
    ),
});
