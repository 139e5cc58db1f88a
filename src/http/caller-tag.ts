import { hash } from 'node:crypto';
import type { Caller } from '../core/sharing/caller.ts';

/** Returns 16 hexadecimal digits that tell whose a thing is: another caller has others. */
export function tagOf(caller: Caller): string {
  const name = 'key' in caller ? caller.key : caller.kind;
  return hash('sha256', name, 'hex').slice(0, 16);
}
