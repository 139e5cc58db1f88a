import { setImmediate } from 'node:timers/promises';

/** Work goes on for this long before others get their turn. */
const TURN_MS = 15;

/**
 * Returns a function for long loops to await in each round: it lets everything else of the process
 * run once the loop has had its time. Reads and writes that are served from memory do not.
 */
export function takeTurns(): () => Promise<void> {
  let ends = performance.now() + TURN_MS;
  return async () => {
    if (performance.now() < ends) return;
    await setImmediate();
    ends = performance.now() + TURN_MS;
  };
}
