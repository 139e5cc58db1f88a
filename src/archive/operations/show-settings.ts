import { z } from 'zod';
import { createOperation } from './operation.ts';

/** Gives every setting of the home as it holds now, and what says so. Secrets are masked. */
export const showSettings = createOperation({
  name: 'config',
  opens: 'stores',
  changes: false,
  input: z.strictObject({}),
  run: async ({ settings }) => ({ settings: await settings.read() }),
});
