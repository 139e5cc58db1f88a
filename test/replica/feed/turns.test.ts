import { expect, it } from 'vitest';
import { Turns } from '../../../src/replica/feed/turns.ts';

/** A clock that work moves on, and turns by it. */
function turnsByHand() {
  let now = 0;
  const turns = new Turns(() => now);
  const work = (ms: number, done: () => void) => async () => {
    await Promise.resolve();
    now += ms;
    done();
  };
  const wait = (ms: number) => {
    now += ms;
  };
  return { turns, work, wait };
}

it('lets whoever has used least go first, whatever a flood has queued', async () => {
  const { turns, work } = turnsByHand();
  const order: string[] = [];
  const run = (key: string, ms: number) =>
    turns.run(
      [key],
      work(ms, () => order.push(key)),
    );
  await run('flood', 500);
  const all = [run('flood', 500), run('flood', 500), run('flood', 500), run('honest', 1)];
  await Promise.all(all);
  // The first of the flood had begun when the honest one came.
  expect(order).toEqual(['flood', 'flood', 'honest', 'flood', 'flood']);
});

it('counts the author of a flood, whoever passes it on', async () => {
  const { turns, work } = turnsByHand();
  const order: string[] = [];
  const run = (name: string, keys: readonly string[], ms: number) =>
    turns.run(
      keys,
      work(ms, () => order.push(name)),
    );
  await run('relayed', ['relay', 'flooder'], 500);
  await Promise.all([
    run('busy', ['other'], 1),
    run('by another relay', ['fresh', 'flooder'], 1),
    run('honest', ['fresh'], 1),
  ]);
  expect(order).toEqual(['relayed', 'busy', 'honest', 'by another relay']);
});

it('forgets with time, and delays nobody who is alone', async () => {
  const { turns, work, wait } = turnsByHand();
  const order: string[] = [];
  const run = (key: string, ms: number) =>
    turns.run(
      [key],
      work(ms, () => order.push(key)),
    );
  for (let i = 0; i < 3; i++) await run('flood', 1_000);
  wait(3_600_000);
  await run('other', 100);
  const blocked = run('blocker', 1);
  await Promise.all([blocked, run('other', 1), run('flood', 1)]);
  expect(order.slice(-2)).toEqual(['flood', 'other']);
});

it('goes on after work that failed', async () => {
  const { turns } = turnsByHand();
  await expect(turns.run(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.run(['a'], async () => 'done')).toBe('done');
});
