import { type Case, fails, type Outcome, passesIfInspected } from './outcome.ts';
import { stopsOfKind, UNLAWFUL } from './stops.ts';

/** R2: may it be held at all? */
export function lawfulRule(given: Case): Outcome {
  const { open, first, ends } = stopsOfKind(given.input, UNLAWFUL);
  switch (first) {
    case undefined:
      return passesIfInspected(given, 'No takedown, erasure or quarantine is open.', ends);
    case 'takedown':
      return fails('E_TAKEDOWN', 'A takedown asks that it is not given out.', open);
    case 'quarantine':
      return fails('E_QUARANTINE', 'It is in quarantine until somebody has looked at it.', open);
    default:
      return fails('E_ERASED', 'It, or the record of what it is, has been removed.', open);
  }
}
