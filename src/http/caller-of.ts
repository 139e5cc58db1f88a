import type { Request } from 'express';
import type { Caller } from '../core/sharing/caller.ts';
import { isForeign } from './guard.ts';

/**
 * Returns who sent a request. There is no sign-in yet: what is on this machine is the owner's, but for
 * pages of other origins.
 */
export function callerOf(req: Request): Caller {
  return isForeign(req) ? { kind: 'anonymous' } : { kind: 'owner' };
}
