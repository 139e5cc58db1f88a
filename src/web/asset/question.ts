import {
  DEFAULT_PURPOSE,
  DEFAULT_REQUESTER,
  isPurpose,
  isRequester,
  type Purpose,
  type Requester,
} from '../../core/policy/purposes.ts';

/** What a verdict is asked for, as far as an address says so. */
export interface Asked {
  readonly purpose?: Purpose;
  readonly policy?: string;
  readonly for?: Requester;
}

/** What is asked where an address says nothing. */
export const USUAL = {
  purpose: DEFAULT_PURPOSE,
  policy: 'corroborated',
  for: DEFAULT_REQUESTER,
} as const satisfies Required<Asked>;

/** Reads what an address asks; what it says otherwise, and what is usual, is left aside. */
export function questionIn(search: Readonly<Record<string, unknown>>): Asked {
  const { purpose, policy, for: requester } = search;
  return {
    ...(isText(purpose) && isPurpose(purpose) && purpose !== USUAL.purpose ? { purpose } : {}),
    ...(isText(policy) && policy !== '' && policy !== USUAL.policy ? { policy } : {}),
    ...(isText(requester) && isRequester(requester) && requester !== USUAL.for
      ? { for: requester }
      : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
