import { expect, it } from 'vitest';
import { resting } from '../../../src/compose/partnering/resting.ts';

it('work that nobody waits for rests four times as long as it went on', async () => {
  const rest = resting(new AbortController().signal);
  await rest();
  const began = performance.now();
  while (performance.now() - began < 20);
  const rested = performance.now();
  await rest();
  expect(performance.now() - rested).toBeGreaterThan(75);
});

it('a rest ends when the work is stopped', async () => {
  const stop = new AbortController();
  const rest = resting(stop.signal);
  const began = performance.now();
  while (performance.now() - began < 20);
  const pause = rest();
  stop.abort();
  await expect(pause).rejects.toMatchObject({ code: 'aborted' });
});
