import { ArchiveError } from '../../core/errors.ts';
import type { Objection, ObjectionAnswer, ObjectionTerms } from '../../core/ports/objections.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { Archive } from '../archive.ts';
import { stop } from '../judging/stop.ts';
import { timestampOf } from '../now.ts';
import { oneAsset, stateAbout } from '../state-about.ts';

const DAY_MS = 86_400_000;

/** Before the id of an objection, in the reason of a hold: nobody answered it in time. */
const REASON = 'objection-unanswered:';

/**
 * Answers an objection. Upheld, it is a dispute of this home about the asset, which stops it until that
 * is resolved; dismissed, what had held the asset for want of an answer ends. Nothing of what was
 * objected goes into the ledger but the code of its reason. An answer can be given anew until it is deleted.
 *
 * @throws {ArchiveError} `not_found`; `statement_rejected` if this home may not say so.
 */
export async function answerObjection(
  { id, outcome, text }: Pick<Objection, 'id'> & Pick<ObjectionAnswer, 'outcome' | 'text'>,
  archive: Archive,
): Promise<Objection> {
  const { objections, clock } = archive;
  const objection = objections.list().find((one) => one.id === id);
  if (objection === undefined) {
    throw new ArchiveError('not_found', `there is no objection ${id}; "objection list" shows them`);
  }
  const stopped = await stopFor(objection, outcome, archive);
  const answer = { outcome, text, at: timestampOf(clock) };
  const answered = { ...objection, answer, stop: stopped };
  await objections.put(answered);
  return answered;
}

async function stopFor(
  { asset, reason, stop: known }: Objection,
  outcome: ObjectionAnswer['outcome'],
  archive: Archive,
): Promise<string | null> {
  const subject = oneAsset(asset);
  if (outcome === 'dismissed') {
    const ended = { of: known === null ? [] : [known], outcome, record: null };
    if (known !== null) await stateAbout('resolution', () => ended, { subject }, archive);
    return null;
  }
  if (known !== null) return known;
  const words = { kind: 'dispute' as const, reason, by: 'outsider' as const, against: [] };
  return (await stop(words, { subject, note: undefined }, archive)).id;
}

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
  for (const objection of objections.list()) {
    const { id, answer, deadline, stop: known } = objection;
    if (answer !== null && Date.parse(answer.at) + keepDays * DAY_MS <= now) {
      await objections.remove(id);
      due.deleted += 1;
    } else if (answer === null && known === null && Date.parse(deadline) <= now) {
      await objections.put({ ...objection, stop: await holdFor(objection, archive) });
      due.held += 1;
    }
  }
  return due;
}

/** A node that was killed may have held it already. */
async function holdFor({ id, asset }: Objection, archive: Archive): Promise<string> {
  const facts = archive.catalog.facts(asset);
  const reason = REASON + id;
  const known = facts && factsOf(facts, 'hold').find(({ body }) => body.reason === reason);
  if (known !== undefined) return known.id;
  const hold = { kind: 'hold', reason, source: 'community', deadline: null } as const;
  return (await stop(hold, { subject: oneAsset(asset), note: undefined }, archive)).id;
}
