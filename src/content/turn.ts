/** Rows or lookups between two turns of the event loop: some 20 ms of work. */
const STEPS_PER_TURN = 2_000;

/**
 * Yields the items, and lets whoever waits have a turn of the event loop after every two thousand;
 * for work on each item that takes microseconds and never waits by itself.
 */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  let steps = 0;
  for (const item of items) {
    steps += 1;
    if (steps % STEPS_PER_TURN === 0) await nextTurn();
    yield item;
  }
}

/** Resolves when everything else that is ready has run. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
