import type { Policy } from './documents.ts';

/** What each part of a policy asks, in the words that a difference is told in. */
const PARTS = {
  from: 'in force from',
  until: 'in force until',
  witnesses: 'other organisations that must have witnessed',
  copies: 'proven copies',
  copyAgeDays: 'greatest age of a proof in days',
  inspectors: 'inspected by',
  licences: 'licences that allow every use',
  origins: 'origins that pass',
  floor: 'least level',
  sampledEvidence: 'evidence by sample counts',
  cutOffs: 'age counts up to',
  duplicates: 'compared with generated works by',
} as const satisfies {
  readonly [K in Exclude<keyof Policy, 'v' | 'type' | 'name' | 'version'>]: string;
};

/** Returns what a second policy asks otherwise than a first, a line for each difference; none if nothing. */
export function policyDiff(before: Policy, after: Policy): string[] {
  // Object.keys does not say which.
  const parts = Object.keys(PARTS) as (keyof typeof PARTS)[];
  return parts.flatMap((part) => {
    const [was, is] = [itemsOf(before[part]), itemsOf(after[part])];
    const gone = was.filter((item) => !is.includes(item));
    const come = is.filter((item) => !was.includes(item));
    const isOne = was.length === 1 && is.length === 1 && !Array.isArray(before[part]);
    if (isOne && gone.length > 0) return [`${PARTS[part]}: ${gone[0]} → ${come[0]}`];
    return [
      ...gone.map((item) => `${PARTS[part]}: no longer ${item}`),
      ...come.map((item) => `${PARTS[part]}: now also ${item}`),
    ];
  });
}

function itemsOf(value: Policy[keyof Policy]): readonly string[] {
  if (value === null) return ['any'];
  if (typeof value !== 'object') return [String(value)];
  if (Array.isArray(value)) return value;
  return Object.entries(value)
    .map(([medium, day]) => `${medium} ${day}`)
    .sort();
}
