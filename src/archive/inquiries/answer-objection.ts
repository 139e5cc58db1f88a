import { ArchiveError } from '../../core/errors.ts';
import type { Objection, ObjectionAnswer } from '../../core/ports/objections.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { disputeFor, endStopsFor } from './objection-stops.ts';

/**
 * Answers an objection. Upheld, it is a dispute of this home about the asset, which stops it until that
 * is resolved; dismissed, what had held the asset for want of an answer ends. Nothing of what was
 * objected goes into the ledger but the code of its reason. An answer can be given anew until it is deleted;
 * whoever says which they have `seen` does not write over another's.
 *
 * @throws {ArchiveError} `not_found`; `statement_rejected` if this home may not say so, or somebody else has
 * answered meanwhile.
 */
export async function answerObjection(
  {
    id,
    outcome,
    text,
    seen,
  }: Pick<Objection, 'id'> &
    Pick<ObjectionAnswer, 'outcome' | 'text'> & { readonly seen?: string | null },
  archive: Archive,
): Promise<Objection> {
  const { objections, clock } = archive;
  return objections.change(id, async (objection) => {
    if (objection === undefined) {
      const missing = `there is no objection ${id}; "objection list" shows them`;
      throw new ArchiveError('not_found', missing);
    }
    const given = objection.answer?.at ?? null;
    if (seen !== undefined && seen !== given) {
      const meanwhile = `somebody has answered ${id} meanwhile: ${objection.answer?.outcome}; look at it again`;
      throw new ArchiveError('statement_rejected', meanwhile);
    }
    const carryOut = outcome === 'upheld' ? disputeFor : endStopsFor;
    const stop = await carryOut(objection, archive);
    return { ...objection, answer: { outcome, text, at: timestampOf(clock) }, stop };
  });
}
