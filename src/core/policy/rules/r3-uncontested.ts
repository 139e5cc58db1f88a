import { type Case, fails, type Outcome, passesIfInspected } from './outcome.ts';
import { stopsOfKind } from './stops.ts';

/** R3: is anything about it in dispute? */
export function uncontestedRule(given: Case): Outcome {
  const { open, first, ends } = stopsOfKind(given.input, ['dispute', 'hold', 'sample-defect']);
  if (first === 'dispute') {
    return fails(
      'H_DISPUTE',
      'Somebody disputes something about it; it waits for an answer.',
      open,
    );
  }
  if (first === 'hold') {
    return fails(
      'H_HOLD',
      'It is held until somebody has looked at it; that is no judgement.',
      open,
    );
  }
  if (first === 'sample-defect') {
    return fails(
      'H_HOLD',
      'Another item of the set by which it was attested turned out not to be as attested; the whole set waits until two organisations have looked.',
      open,
    );
  }
  return passesIfInspected(given, 'Nothing about it is in dispute or on hold.', ends);
}
