import { startOfDay } from './days.ts';
import { H5_DAYS } from './evidence-level.ts';
import type { DecisionInput } from './input.ts';
import type { Question } from './question.ts';

/**
 * Returns the earliest moment after `at` at which the answer can change without a new statement:
 * something begins, expires or grows stale. Null if time alone never changes it.
 */
export function validUntil(input: DecisionInput, question: Question): string | null {
  const { at, policy } = question;
  const moments: (string | null)[] = [policy.from, policy.until];
  for (const { from, until } of input.consents) moments.push(from, until);
  for (const { expires } of input.proofs) moments.push(expires);
  const { copyAgeDays } = policy;
  if (copyAgeDays !== null) {
    for (const { day } of input.copies) {
      moments.push(startOfDay(day), startOfDay(day + copyAgeDays + 1));
    }
  }
  if (input.witnessedDay !== null) moments.push(startOfDay(input.witnessedDay + H5_DAYS));
  for (const master of input.masters) {
    if (master.input !== null) moments.push(validUntil(master.input, question));
  }
  let earliest: string | null = null;
  for (const moment of moments) {
    if (moment === null || moment <= at) continue;
    if (earliest === null || moment < earliest) earliest = moment;
  }
  return earliest;
}
