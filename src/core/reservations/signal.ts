import type { Permission, Permissions } from '../policy/input.ts';
import { PURPOSES, type Purpose } from '../policy/purposes.ts';

/** One machine-readable word on what may be done with a work, as its protocol means it. */
export interface ReservationSignal {
  readonly protocol: Protocol;
  readonly values: Permissions;
}

/** A signal and the text it was read from. */
export interface ReadSignal extends ReservationSignal {
  readonly text: string;
}

/** A signal with where it was said and when that was fetched. */
export interface SourceSignal extends ReadSignal {
  /** Address of the response, robots.txt, page or document; a file name where no address is known. */
  readonly where: string;
  /** RFC 3339, UTC, whole seconds. */
  readonly at: string;
}

/** Protocols that are read; the code in `E_RESERVED(protocol)`. */
export type Protocol =
  | 'tdmrep'
  | 'aipref'
  | 'content-signal'
  | 'noai'
  | 'robots'
  | 'rsl'
  | 'cawg-training-mining'
  | 'plus-data-mining';

export function permit(permission: Permission, ...purposes: readonly Purpose[]): Permissions {
  return Object.fromEntries(purposes.map((purpose) => [purpose, permission]));
}

/** Returns what several words come to: for each purpose the strictest (deny, then a condition, then allow). */
export function strictest(all: readonly Permissions[]): Permissions {
  const values = PURPOSES.flatMap((purpose) => {
    const said = all.flatMap((permissions) => permissions[purpose] ?? []);
    const [most] = said.sort((a, b) => strictness(b) - strictness(a));
    return most === undefined ? [] : [[purpose, most] as const];
  });
  return Object.fromEntries(values);
}

/**
 * Returns the first signals, and of those beyond `most` what each protocol comes to: a flood of words that allow
 * hides none that denies.
 */
export function bounded(signals: readonly ReadSignal[], most: number): readonly ReadSignal[] {
  const beyond = Map.groupBy(signals.slice(most), ({ protocol }) => protocol);
  const summed = [...beyond].map(([protocol, all]) => {
    const values = strictest(all.map((signal) => signal.values));
    return { protocol, values, text: `and ${all.length} more` };
  });
  return [...signals.slice(0, most), ...summed];
}

function strictness(permission: Permission): number {
  if (permission === 'allow') return 0;
  return permission === 'deny' ? 2 : 1;
}
