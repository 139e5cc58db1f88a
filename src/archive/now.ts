import type { Clock } from '../core/ports/environment.ts';

/** Returns the clock's time as statements carry it: UTC, whole seconds. */
export function timestampOf(clock: Clock): string {
  return `${new Date(clock()).toISOString().slice(0, 19)}Z`;
}
