import { z } from 'zod';
import { createOperation } from './operation.ts';

const setting = z.strictObject({
  name: z.string().describe('Its place in `ringfence.json`'),
  variable: z.string().describe('The environment variable that says it'),
  value: z.unknown().describe('Null where nothing says it; of a secret only `********`'),
  source: z.enum(['default', 'file', 'variable', 'option']),
});

/** Gives every setting of the home as it holds now, and what says so. Secrets are masked. */
export const showSettings = createOperation({
  name: 'config',
  opens: 'stores',
  changes: false,
  input: z.strictObject({}),
  result: z.strictObject({ settings: z.array(setting) }),
  run: async ({ settings }) => ({ settings: await settings.read() }),
});
