import { dayOf } from '../days.ts';
import { type Case, countOf, fails, type Outcome, passes } from './outcome.ts';

/** R1: are there enough proven copies, proven lately enough? What lies on this disk has no say. */
export function copiesRule({ input, question }: Case): Outcome {
  const { copies: needed, copyAgeDays } = question.policy;
  const asked = `the policy asks for ${needed}`;
  if (input.copies.length < needed) {
    const lost = input.losses.length > 0 ? ' A copy was found damaged, missing or unproven.' : '';
    return fails(
      'E_INTEGRITY',
      `${countOf(input.copies.length, 'proven copy', 'proven copies')}; ${asked}.${lost}`,
      [...input.copies.flatMap(({ refs }) => refs), ...input.losses],
    );
  }
  const today = dayOf(question.at);
  const isFresh = (day: number) =>
    copyAgeDays === null || (day <= today && today - day <= copyAgeDays);
  const fresh = input.copies.filter(({ day }) => isFresh(day));
  const entries = fresh.flatMap(({ refs }) => refs);
  const age = copyAgeDays === null ? '' : ` in the last ${countOf(copyAgeDays, 'day')}`;
  const text = `${countOf(fresh.length, 'copy', 'copies')} proven${age}; ${asked}.`;
  return fresh.length < needed ? fails('E_FIXITY_STALE', text, entries) : passes(text, entries);
}
