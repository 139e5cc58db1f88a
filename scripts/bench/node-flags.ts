import { readFileSync } from 'node:fs';

/** The options that `ringfence` gives to Node where it is started by its own name. */
export const NODE_FLAGS: readonly string[] = readFileSync(
  new URL('../../src/cli/main.ts', import.meta.url),
  'utf8',
)
  .split('\n', 1)
  .flatMap((line) => line.split(' ').filter((word) => word.startsWith('--')));
