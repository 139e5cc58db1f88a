import { randomBytes } from 'node:crypto';
import type { Clock, RandomBytes } from '../core/ports/environment.ts';

/** What an archive takes from the machine it runs on. Tests give their own. */
export interface Environs {
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export const systemEnvirons: Environs = { clock: Date.now, randomBytes };
