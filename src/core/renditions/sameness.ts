import { CodeTable } from '../likeness/code-table.ts';
import { type ContentCodes, contentCodesOf } from '../likeness/content-codes.ts';
import { LIKENESS_LIMITS } from '../likeness/likeness.ts';

/**
 * Bits of 256 in which the codes of one file may differ from those of the file that another version of
 * the same tool makes by the same recipe: rounding in the last place of a sample, and no other work.
 */
const MOST_BITS = 8;

type Facts = Readonly<Record<string, unknown>>;

/** Says whether two findings `fingerprints` are of one content; never where there is too little to compare. */
export function isSameContent(a: Facts, b: Facts): boolean {
  const one = codesIn(a);
  const other = codesIn(b);
  if (one === undefined || one.length !== other?.length) return false;
  return one.every((code, place) => distance(code, other[place]) <= MOST_BITS);
}

function codesIn(facts: Facts): readonly Uint8Array[] | undefined {
  const codes: ContentCodes | undefined = contentCodesOf(facts, LIKENESS_LIMITS);
  if (codes === undefined || codes.kind === 'text') return undefined;
  return codes.kind === 'picture' ? [codes.pdq, codes.image] : [codes.code];
}

function distance(code: Uint8Array, other: Uint8Array | undefined): number {
  if (other === undefined) return Number.POSITIVE_INFINITY;
  const table = new CodeTable();
  table.add(other);
  return table.distance(0, code);
}
