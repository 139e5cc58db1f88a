import { vi } from 'vitest';

/** Waits until what is asserted holds, for as long as a machine with other work may take. */
export function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: 45_000, interval: 20 });
}
