import { type Case, fails, type Outcome, passesIfInspected } from './outcome.ts';
import { stopsOfKind } from './stops.ts';

/** R11: has a detector asked for a second look? It can only hold, never condemn and never clear. */
export function detectorsRule(given: Case): Outcome {
  const { open, ends } = stopsOfKind(given.input, ['detector']);
  if (open.length === 0)
    return passesIfInspected(given, 'No detector asks for a second look.', ends);
  return fails(
    'H_DETECTOR',
    'A detector asks for a second look by a person; detectors err, so this says nothing yet.',
    open,
  );
}
