import { defineConfig } from 'vitest/config';

/** Kill loops, full disks, large files, other programs as peers: minutes, not seconds. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/slow/**/*.test.ts'],
    globalSetup: [new URL('support/build-pages.ts', import.meta.url).pathname],
    pool: 'forks',
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
