import type { DecisionInput, OriginInput } from './input.ts';
import type { OriginClass } from './source-types.ts';
import type { Taint } from './taint.ts';

/** How strict an origin class is; the strictest that is said wins. 0 is made by people. */
export const ORIGIN_RANK: Readonly<Record<OriginClass, number>> = {
  HUMAN_CAPTURE: 0,
  HUMAN_DIGITISED: 0,
  HUMAN_CREATION: 0,
  HUMAN_EDIT: 0,
  HUMAN_COMPOSITE: 0,
  NO_CLAIM: 1,
  UNKNOWN: 2,
  ALGORITHMIC: 3,
  MIXED: 4,
  SYNTHETIC: 5,
};

export interface Origin {
  readonly class: OriginClass;
  /** What made it this class: counted evidence, or whatever is stricter. */
  readonly by: readonly OriginInput[];
  /** Something says that people made it, be it counted or not. */
  readonly isClaimedHuman: boolean;
}

/**
 * Returns the origin class of an asset: the strictest of what counted evidence, the bytes and any
 * claim say. Without counted evidence it is UNKNOWN at least; a claim alone never makes it better.
 */
export function originOf(input: Pick<DecisionInput, 'origins'>): Origin {
  const counted = input.origins.filter((origin) => origin.isCounted);
  let strictest = counted.length === 0 ? ORIGIN_RANK.UNKNOWN : 0;
  for (const { origin } of input.origins) strictest = Math.max(strictest, ORIGIN_RANK[origin]);
  const isClaimedHuman = input.origins.some(({ origin }) => ORIGIN_RANK[origin] === 0);
  if (strictest === 0) {
    const human = counted.map(({ origin }) => origin).sort();
    return { class: human[0] ?? 'UNKNOWN', by: counted, isClaimedHuman };
  }
  const by = input.origins.filter(({ origin }) => ORIGIN_RANK[origin] === strictest);
  return { class: by[0]?.origin ?? 'UNKNOWN', by, isClaimedHuman };
}

/**
 * Returns what an asset's own facts say of its taint, before anything it was made from.
 *
 * While a registration as generated work is open, something is said of it that this version cannot
 * read, or its own credential leaves open what went into it, nobody can build on the asset: UNKNOWN.
 */
export function ownTaint(
  input: Pick<DecisionInput, 'origins' | 'registrations' | 'unknown' | 'untold'>,
): Taint {
  const open = input.registrations.filter(({ endedBy }) => endedBy.length === 0);
  const says = (origin: OriginClass) => input.origins.some((said) => said.origin === origin);
  if (says('SYNTHETIC') || open.some(({ isProof }) => isProof)) return 'SYNTHETIC';
  if (says('MIXED')) return 'MIXED';
  const isShown = input.origins.some(({ isCounted }) => isCounted);
  const isClean = input.origins.every(
    ({ origin }) => ORIGIN_RANK[origin] === 0 || origin === 'ALGORITHMIC',
  );
  const isRead = input.unknown.length === 0 && input.untold.length === 0;
  return isShown && isClean && isRead && open.length === 0 ? 'CLEAN' : 'UNKNOWN';
}
