import { carryOutDue } from '../../archive/inquiries/due-objections.ts';
import type { ObjectionTerms } from '../../core/ports/objections.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, type PartnerParts, tellFailure } from './partner-parts.ts';

/** Deadlines are by the day. */
const LOOK_MS = 3_600_000;

/** Holds what nobody answered objections to in time, and deletes what was answered long ago, until disposed. */
export function startHolding(
  terms: ObjectionTerms,
  { archive, projector, log }: Pick<PartnerParts, 'archive' | 'projector' | 'log'>,
): AsyncDisposable {
  const holding = new Rounds({
    everyMs: LOOK_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'objections', error),
    round: async () => {
      const { held, deleted } = await carryOutDue(terms, archive);
      if (held + deleted === 0) return;
      const text = `${held} unanswered objections hold their works, ${deleted} answered ones are deleted`;
      log({ level: held === 0 ? 'note' : 'warning', event: 'objections', text });
      projector.news();
    },
  });
  holding.start();
  return holding;
}
