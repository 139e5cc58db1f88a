import { everyMakerGrants, isInScope, isReplaced } from '../grants.ts';
import type { Permission, Ref } from '../input.ts';
import { type Case, fails, type Outcome, passesIfInspected } from './outcome.ts';

interface Reserved {
  readonly ref: Ref;
  readonly protocol: string;
  readonly permission: Permission | undefined;
}

/**
 * R5: does anybody reserve this use? The most restrictive wins, also over a licence; a condition
 * needs a consent of every named maker that names it, and so does a reservation that a consent replaces.
 */
export function reservationsRule(given: Case): Outcome {
  const { input, question } = given;
  const lifted: Ref[] = [];
  const denials: Reserved[] = [];
  const conditions: Reserved[] = [];
  for (const reserved of reservedFor(given)) {
    const { permission, ref } = reserved;
    if (permission === undefined || permission === 'allow') continue;
    const answer = everyMakerGrants(
      input,
      question,
      (consent) =>
        consent.lifts.includes(ref) ||
        (permission !== 'deny' && consent.conditions.includes(permission.condition)),
    );
    if (answer.isGranted) lifted.push(ref, ...answer.refs);
    else (permission === 'deny' ? denials : conditions).push(reserved);
  }
  const [denial] = denials.sort((a, b) => (a.protocol < b.protocol ? -1 : 1));
  if (denial !== undefined) {
    return fails(
      `E_RESERVED(${denial.protocol})`,
      `This use is reserved (${[...new Set(denials.map((one) => one.protocol))].join(', ')}).`,
      denials.map(({ ref }) => ref),
    );
  }
  if (conditions.length > 0) {
    return fails(
      'E_CONDITION',
      'This use is allowed on a condition that no consent of every named maker names.',
      conditions.map(({ ref }) => ref),
    );
  }
  return passesIfInspected(given, 'Nobody reserves this use.', lifted);
}

/** What reservations say of the purpose, and what consents say against it or on condition. */
function* reservedFor({ input, question }: Case): Iterable<Reserved> {
  for (const { ref, protocol, values } of input.reservations) {
    yield { ref, protocol, permission: values[question.purpose] };
  }
  for (const consent of input.consents) {
    const permission = consent.purposes[question.purpose];
    if (permission === undefined || permission === 'allow' || isReplaced(consent, input)) continue;
    // A refusal is meant for everybody; a condition for those whom the consent is given to. Neither
    // ends because the consent does: taking a consent back never allows more.
    if (permission === 'deny' || isInScope(consent, question)) {
      yield { ref: consent.ref, protocol: 'consent', permission };
    }
  }
}
