import type { Request } from 'express';
import { z } from 'zod';
import { read } from '../contract/endpoint.ts';

/** A text without spaces, or one in quotes, as structured fields write it (RFC 9651 §3.3.3). */
export const idempotencyHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 characters without spaces')
    .exactOptional()
    .describe('Has the request done once, however often it is sent within 24 hours'),
});

/**
 * Returns the `Idempotency-Key` of a request; undefined without one.
 *
 * @throws {ArchiveError} `input_invalid`.
 */
export function idempotencyKeyOf(req: Request): string | undefined {
  const key = req.get('Idempotency-Key');
  if (key === undefined) return undefined;
  read(idempotencyHeaders, { 'Idempotency-Key': key });
  return key;
}
