import type { Ref } from '../input.ts';
import { type Case, fails, type Outcome, passesIfInspected } from './outcome.ts';

/** What communities ask for denies every purpose, whichever it was raised for. */
const OF_COMMUNITIES: ReadonlySet<string> = new Set(['community', 'human-remains']);

/** R6: are flags about people and communities cleared for this purpose? */
export function personalRule(given: Case): Outcome {
  const { purpose } = given.question;
  const open: Ref[] = [];
  const kinds = new Set<string>();
  const cleared: Ref[] = [];
  for (const flag of given.input.flags) {
    const isForPurpose = flag.purposes.length === 0 || flag.purposes.includes(purpose);
    if (!isForPurpose && !OF_COMMUNITIES.has(flag.flag)) continue;
    const clearings = flag.clearings.filter(
      ({ purposes }) => purposes.length === 0 || purposes.includes(purpose),
    );
    if (flag.endedBy.length + clearings.length === 0) {
      open.push(flag.ref);
      kinds.add(flag.flag);
    } else cleared.push(flag.ref, ...flag.endedBy, ...clearings.map(({ ref }) => ref));
  }
  if (open.length > 0) {
    const named = [...kinds].sort().join(', ');
    return fails('E_PERSONAL', `It is flagged and not cleared for this use: ${named}.`, open);
  }
  return passesIfInspected(given, 'No flag about persons or communities is open.', cleared);
}
