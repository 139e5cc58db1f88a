import { ORIGIN_RANK } from '../origin.ts';
import { type Case, fails, type Outcome, passes } from './outcome.ts';
import { stopsOfKind } from './stops.ts';

/** The inspector whose content codes find near-duplicates. */
const FINGERPRINT_INSPECTOR = 'fingerprints';

/**
 * R10: is the same picture, text or sound registered as generated? A match holds; it expels only if
 * the bytes themselves or an accredited operator's own record prove it (policy.md §4).
 */
export function duplicatesRule({ input, question, origin }: Case): Outcome {
  const registered = input.registrations.filter(({ endedBy }) => endedBy.length === 0);
  const ends = input.registrations.flatMap(({ ref, endedBy }) =>
    endedBy.length > 0 ? [ref, ...endedBy] : [],
  );
  const matches = stopsOfKind(input, ['match']);
  const entries = [...registered.map(({ ref }) => ref), ...matches.open];
  if (entries.length > 0) {
    const provenByBytes = origin.by.some(
      ({ from, origin: said }) => from === 'bytes' && ORIGIN_RANK[said] >= ORIGIN_RANK.MIXED,
    );
    if (provenByBytes || registered.some(({ isProof }) => isProof)) {
      return fails(
        'E_DUP_SYNTH',
        'It is registered as generated, and its own bytes or the operator of the generator show it.',
        entries,
      );
    }
    return fails(
      'H_NEAR_DUP',
      'The same or nearly the same work is registered as generated; either may be the source. Both sides are asked.',
      entries,
    );
  }
  const checks = input.inspections.filter(
    ({ inspector, isReadable }) => inspector === FINGERPRINT_INSPECTOR && isReadable,
  );
  if (question.policy.duplicates === 'fingerprints' && checks.length === 0) {
    return fails(
      'E_DUP_UNCHECKED',
      'It has not been compared with generated works by content, which the policy asks for.',
    );
  }
  const how = question.policy.duplicates === 'exact' ? 'byte for byte' : 'by content';
  return passes(`Compared ${how}: it is not registered as generated.`, [
    ...ends,
    ...matches.ends,
    ...(question.policy.duplicates === 'exact' ? [] : checks.map(({ ref }) => ref)),
  ]);
}
