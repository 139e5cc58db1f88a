import { isPurpose } from '../../core/policy/purposes.ts';
import type { Narrowing } from '../api/queries.ts';

/** Reads what an address asks for; what it says otherwise is left aside. */
export function narrowingIn(search: Readonly<Record<string, unknown>>): Narrowing {
  const { q, media, eligible } = search;
  return {
    // An address may say a number, which is read as one.
    ...(q === undefined || q === '' ? {} : { q: String(q) }),
    ...(typeof media === 'string' && media !== '' ? { media } : {}),
    ...(typeof eligible === 'string' && isPurpose(eligible) ? { eligible } : {}),
  };
}
