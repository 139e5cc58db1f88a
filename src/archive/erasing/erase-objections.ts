import type { Objection } from '../../core/ports/objections.ts';
import type { Archive } from '../archive.ts';
import { type Person, textNames } from './person.ts';

/** Returns the objections of this home of which the words, or those of the answer, name a person. */
export function objectionsNaming(
  person: Person,
  { objections }: Pick<Archive, 'objections'>,
): readonly Objection[] {
  return objections.list().filter((one) => withoutPerson(one, person) !== one);
}

/**
 * Deletes the words of objections that name a person, at once and for good; the objections themselves wait for
 * their answers as before, since they may be somebody else's. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `disk_full`, `file_unreadable`.
 */
export async function eraseFromObjections(
  person: Person,
  { objections }: Pick<Archive, 'objections'>,
): Promise<void> {
  for (const { id } of objectionsNaming(person, { objections })) {
    await objections.change(id, async (one) => one && withoutPerson(one, person));
  }
}

/** Returns the same objection where nothing in it names the person. */
function withoutPerson(one: Objection, person: Person): Objection {
  const isNamed = textNames(one.text, person);
  const isAnswered = one.answer !== null && textNames(one.answer.text, person);
  if (!isNamed && !isAnswered) return one;
  return {
    ...one,
    text: isNamed ? '' : one.text,
    answer: one.answer !== null && isAnswered ? { ...one.answer, text: '' } : one.answer,
  };
}
