import type { BodyOf, KindName } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import type { Subject } from '../claims/subject.ts';
import { noteOf, type Stated, stateAbout } from '../state-about.ts';

/** Kinds of statements that stop a use until somebody ends them. */
export const STOPPING = ['dispute', 'hold', 'flag', 'quarantine', 'takedown'] as const;
export type Stopping = (typeof STOPPING)[number] & KindName;

/** What is said, without the record of its note. */
export type Stop = { readonly [K in Stopping]: { readonly kind: K } & Omit<BodyOf<K>, 'record'> };

/**
 * Records a dispute, hold, flag, quarantine or takedown about an asset or a set. Durable when the promise
 * resolves, and obeyed by everything this node serves from then on.
 *
 * @throws {ArchiveError} `statement_rejected` if this home may not say so.
 */
export async function stop(
  said: Stop[Stopping],
  { subject, note }: { readonly subject: Subject; readonly note: string | undefined },
  archive: Archive,
): Promise<Stated> {
  const { kind, bodyWith } = withRecord(said);
  return stateAbout<Stopping>(kind, bodyWith, { subject, record: noteOf(note) }, archive);
}

/** Returns the kind of a stop, and what makes its body with the record of its note. */
export function withRecord({ kind, ...words }: Stop[Stopping]) {
  // The words are those of this kind, by the type of the request.
  const bodyWith = (record: BodyOf<Stopping>['record']) =>
    ({ ...words, record }) as BodyOf<Stopping>;
  return { kind, bodyWith };
}
