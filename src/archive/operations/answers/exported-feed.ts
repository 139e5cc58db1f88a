import { z } from 'zod';
import { count } from './names.ts';

/** What was written into a file for another home. */
export const exportedFeed = z.strictObject({
  path: z.string(),
  entries: count.describe('Entries in it'),
  size: count.describe('Entries in the whole log'),
  bytes: count,
});
