import { z } from 'zod';
import type { RateSettings } from '../../http/callers/rate-limits.ts';

const perMinute = z.number().int().min(1).max(10_000_000);

/** `rates` in `ringfence.json`: how much is answered over HTTP to those who are not on this machine. */
export const rateSettings = z.strictObject({
  perAddress: perMinute
    .default(1200)
    .describe('Requests a minute from an address without a sign-in.'),
  perKey: perMinute.default(6000).describe('Requests a minute of each key that signs in.'),
}) satisfies z.ZodType<RateSettings>;
