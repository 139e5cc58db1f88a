import { hash } from 'node:crypto';
import type { Caller } from '../../core/sharing/caller.ts';

export const TAG_LENGTH = 16;

/** Returns 16 hexadecimal digits that tell whose a thing is: another caller has others. */
export function tagOf(caller: Caller): string {
  const name = 'key' in caller ? caller.key : caller.kind;
  return hash('sha256', name, 'hex').slice(0, TAG_LENGTH);
}
