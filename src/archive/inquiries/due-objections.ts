import type { ObjectionTerms } from '../../core/ports/objections.ts';
import type { Archive } from '../archive.ts';
import { holdFor } from './objection-stops.ts';

const DAY_MS = 86_400_000;

/** What time has done to objections. */
export interface DueObjections {
  readonly held: number;
  readonly deleted: number;
}

/** Holds every asset an objection to which nobody answered in time, and deletes what was answered long ago. */
export async function carryOutDue(
  { keepDays }: Pick<ObjectionTerms, 'keepDays'>,
  archive: Archive,
): Promise<DueObjections> {
  const { objections, clock } = archive;
  const now = clock();
  const due = { held: 0, deleted: 0 };
  for (const { id } of objections.list()) {
    // A steward may have answered since it was listed.
    await objections.change(id, async (objection) => {
      if (objection === undefined) return objection;
      const { answer, deadline, stop } = objection;
      if (answer !== null && Date.parse(answer.at) + keepDays * DAY_MS <= now) {
        due.deleted += 1;
        return undefined;
      }
      if (answer !== null || stop !== null || Date.parse(deadline) > now) return objection;
      const held = { ...objection, stop: await holdFor(objection, archive) };
      due.held += 1;
      return held;
    });
  }
  return due;
}
