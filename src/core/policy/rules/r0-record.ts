import type { DecisionInput, Ref } from '../input.ts';
import { isPurpose, isRequester } from '../purposes.ts';
import { type Case, countOf, fails, type Outcome, passes } from './outcome.ts';

/** R0: is it recorded, and seen by others? */
export function recordRule(given: Case): Outcome {
  const { input, question, uninspected } = given;
  const deposits = input.deposits.map(({ ref }) => ref);
  if (!isPurpose(question.purpose) || !isRequester(question.requester)) {
    return fails('E_UNKNOWN', 'It was asked for a purpose or a requester that does not exist.');
  }
  if (input.unknown.length > 0) {
    return fails(
      'E_UNKNOWN',
      'A newer version of this program has said something about it that this version cannot read; upgrade to find out.',
      input.unknown,
    );
  }
  if (deposits.length === 0) {
    return fails(
      'E_RECORD',
      'No deposit of it stands in the ledger, so nothing is known about it.',
    );
  }
  if (!input.isConsistent) {
    return fails('E_RECORD', 'Its deposits disagree on its size or digest.', deposits);
  }
  const inspections = inspectionRefs(given);
  if (uninspected.length > 0) {
    return fails('E_UNKNOWN', uninspectedText(given), [...deposits, ...inspections]);
  }
  const { witnesses } = question.policy;
  const count = countWitnesses(input);
  const seen = `${countOf(count, 'other organisation has', 'other organisations have')} witnessed what is said about it`;
  if (count < witnesses) {
    return fails('E_NOT_LOGGED', `${seen}; the policy asks for ${witnesses}.`, deposits);
  }
  const inspected = inspections.length > 0 ? ' and has been inspected' : '';
  const recorded = `It is recorded in ${countOf(deposits.length, 'deposit')}${inspected}`;
  return passes(witnesses > 0 ? `${recorded}. ${seen}.` : `${recorded}.`, [
    ...deposits,
    ...inspections,
  ]);
}

/** The findings of the inspectors that the policy names. */
function inspectionRefs({ input, question }: Case): readonly Ref[] {
  return input.inspections
    .filter(({ inspector }) => question.policy.inspectors.includes(inspector))
    .map(({ ref }) => ref);
}

function uninspectedText({ input, uninspected }: Case): string {
  const tried = (name: string) => input.inspections.some(({ inspector }) => inspector === name);
  const unread = uninspected.filter(tried);
  const unseen = uninspected.filter((name) => !tried(name));
  const parts = [
    ...(unread.length > 0 ? [`could not be read by ${unread.join(', ')}`] : []),
    ...(unseen.length > 0 ? [`has not been inspected by ${unseen.join(', ')} yet`] : []),
  ];
  return `It ${parts.join(' and ')}; what nobody has looked at cannot be cleared.`;
}

/**
 * Organisations, other than the depositors', that have witnessed every statement but the proofs of
 * copies (policy.md §6).
 */
function countWitnesses({ deposits, copies, losses, witnesses }: DecisionInput): number {
  const depositors = new Set(deposits.map(({ organisation }) => organisation));
  const ofCopies = new Set([...copies.flatMap(({ refs }) => refs), ...losses]);
  for (const { ref } of deposits) ofCopies.delete(ref);
  const [first, ...others] = witnesses.filter((_, ref) => !ofCopies.has(ref));
  return (first ?? []).filter(
    (witness) => !depositors.has(witness) && others.every((seen) => seen.includes(witness)),
  ).length;
}
