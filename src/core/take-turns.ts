/** Work goes on for this long before others get their turn. */
const TURN_MS = 15;

/**
 * Returns a function for long loops to await in each round: it lets everything else of the process
 * run once the loop has had its time. Reads and writes that are served from memory do not. When others
 * run is all that it decides, so nothing else depends on the clock it looks at.
 */
export function takeTurns(): () => Promise<void> {
  let ends = performance.now() + TURN_MS;
  return async () => {
    if (performance.now() < ends) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    ends = performance.now() + TURN_MS;
  };
}
