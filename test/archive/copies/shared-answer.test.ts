import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SharedAnswer } from '../../../src/archive/copies/shared-answer.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** What finds answers out, each when it is told to. */
function findings() {
  const begun: { readonly answer: PromiseWithResolvers<string>; readonly signal: AbortSignal }[] =
    [];
  const find = (signal: AbortSignal) => {
    const answer = Promise.withResolvers<string>();
    signal.addEventListener('abort', () => answer.reject(signal.reason));
    begun.push({ answer, signal });
    return answer.promise;
  };
  return { begun, find };
}

it('is found out once for all who ask meanwhile, and given again for four times as long as that took', async () => {
  const shared = new SharedAnswer<string>();
  const { begun, find } = findings();
  const asked = [shared.get(find, undefined), shared.get(find, undefined)];
  vi.advanceTimersByTime(500);
  begun[0]?.answer.resolve('one');
  expect(await Promise.all(asked)).toEqual(['one', 'one']);
  vi.advanceTimersByTime(1999);
  expect(await shared.get(find, undefined)).toBe('one');
  expect(begun).toHaveLength(1);
  vi.advanceTimersByTime(1);
  const anew = shared.get(find, undefined);
  begun[1]?.answer.resolve('two');
  expect(await anew).toBe('two');
});

it('is given again for as long as what it rests on is as it was when it was asked', async () => {
  const shared = new SharedAnswer<string>();
  const { begun, find } = findings();
  const asked = shared.get(find, 'a');
  // What comes while it is found out may be in it or not.
  vi.advanceTimersByTime(500);
  begun[0]?.answer.resolve('one');
  expect(await asked).toBe('one');
  vi.advanceTimersByTime(3_600_000);
  expect(await shared.get(find, 'a')).toBe('one');
  expect(begun).toHaveLength(1);
  const anew = shared.get(find, 'b');
  expect(begun).toHaveLength(2);
  begun[1]?.answer.resolve('two');
  expect(await anew).toBe('two');
  expect(await shared.get(find, 'b')).toBe('two');
});

it('goes on for those who wait when others leave, and ends with the last of them', async () => {
  const shared = new SharedAnswer<string>();
  const { begun, find } = findings();
  const [first, second] = [new AbortController(), new AbortController()];
  const asked = [
    shared.get(find, undefined, first.signal),
    shared.get(find, undefined, second.signal),
  ];
  first.abort();
  await expect(asked[0]).rejects.toMatchObject({ code: 'aborted' });
  expect(begun[0]?.signal.aborted).toBe(false);
  second.abort();
  await expect(asked[1]).rejects.toMatchObject({ code: 'aborted' });
  expect(begun[0]?.signal.aborted).toBe(true);
  // Whoever asks now hears nothing of those who left.
  const next = shared.get(find, undefined);
  begun[1]?.answer.resolve('two');
  expect(await next).toBe('two');
});

it('keeps no failure', async () => {
  const shared = new SharedAnswer<string>();
  const failed = shared.get(() => Promise.reject(new Error('no')), undefined);
  await expect(failed).rejects.toThrow('no');
  expect(await shared.get(async () => 'yes', undefined)).toBe('yes');
});
