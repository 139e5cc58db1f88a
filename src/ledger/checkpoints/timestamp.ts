import type { Clock } from '../../core/ports/environment.ts';

/** Returns the time as statements hold it: UTC in whole seconds. */
export function timestamp(clock: Clock): string {
  return `${new Date(clock()).toISOString().slice(0, 19)}Z`;
}
