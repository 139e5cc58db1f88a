import { onShelf } from '../api/shelf.ts';
import type { Judgement, Task } from './task.ts';

/** What somebody has made up their mind about and not sent. */
export interface Judged {
  readonly task: Task;
  readonly judgement: Judgement;
}

/** Everything of one member, each by itself, so that two windows do not lose what the other has. */
const rangeOf = (member: string) => IDBKeyRange.bound(`${member} `, `${member} \uffff`);

/** Returns what this browser has kept for a member, in the order in which it was judged. */
export async function unsentOf(member: string): Promise<readonly Judged[]> {
  const kept = await onShelf<(Judged & { readonly at: number })[]>('outbox', 'readonly', (shelf) =>
    shelf.getAll(rangeOf(member)),
  );
  return kept.sort((a, b) => a.at - b.at);
}

/** Keeps one, through the end of this tab and of the sign-in; resolves when it is kept. */
export async function keepUnsent(member: string, { task, judgement }: Judged): Promise<void> {
  const kept = { task, judgement, at: Date.now() };
  await onShelf('outbox', 'readwrite', (shelf) => shelf.put(kept, `${member} ${task.key}`));
}

export async function dropUnsent(member: string, key: string): Promise<void> {
  await onShelf('outbox', 'readwrite', (shelf) => shelf.delete(`${member} ${key}`));
}
