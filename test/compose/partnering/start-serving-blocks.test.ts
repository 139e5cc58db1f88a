import { expect, it, vi } from 'vitest';
import { startServingBlocks } from '../../../src/compose/partnering/start-serving-blocks.ts';
import type { LogLine } from '../../../src/core/ports/log.ts';
import { assetOf } from '../../support/asset-statements.ts';

type Parts = Parameters<typeof startServingBlocks>[0];

/** Starts over releases that are looked at by `isPublicRelease`. */
function start(isPublicRelease: () => boolean) {
  const log: LogLine[] = [];
  const releases = Array.from({ length: 5 }, (_, number) => ({ release: assetOf(number) }));
  const parts = {
    archive: {
      ledger: { charter: { publicAllowed: true }, feed: { watch: () => () => {} } },
      catalog: { releases: () => releases, access: () => undefined, isPublicRelease },
      content: { recordParts: async () => {} },
    },
    blocks: { serve: () => {} },
    log: (line: LogLine) => log.push(line),
  };
  // The few things that a start touches.
  return { log, serving: startServingBlocks(parts as unknown as Parts) };
}

it('is there before all releases are looked at, and leaves off when it is stopped', async () => {
  let looked = 0;
  const { serving } = start(() => {
    const ends = performance.now() + 20;
    while (performance.now() < ends);
    looked += 1;
    return true;
  });
  expect(looked).toBeLessThan(2);
  await vi.waitFor(() => expect(looked).toBeGreaterThan(1));
  await serving[Symbol.asyncDispose]();
  const atEnd = looked;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(looked).toBe(atEnd);
});

it('starts all the same where a release cannot be looked at, and says so', async () => {
  const { log, serving } = start(() => {
    throw new Error('a page is broken');
  });
  await using _ = serving;
  await vi.waitFor(() => expect(log).toMatchObject([{ level: 'warning', event: 'blocks' }]));
});
