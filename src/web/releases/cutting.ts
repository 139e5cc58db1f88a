import { useSyncExternalStore } from 'react';
import { answered, api } from '../api/client.ts';
import { hear } from '../api/live.ts';
import { queryClient } from '../api/query-client.ts';
import type { askedBy } from './selection.ts';

/** What is to be cut, by which name. */
type CutInput = ReturnType<typeof askedBy> & {
  readonly name: string;
  readonly version: string;
  readonly url: string;
};

/** How far a cut is, or what became of it. */
export type Cut =
  | { readonly is: 'none' }
  | {
      readonly is: 'running';
      /** Undefined for one that was begun elsewhere. */
      readonly called: string | undefined;
      readonly step: string;
      readonly done: number;
      readonly total: number | undefined;
    }
  | { readonly is: 'failed'; readonly called: string; readonly error: Error }
  | { readonly is: 'done'; readonly called: string; readonly release: string };

let current: Cut = { is: 'none' };
const listeners = new Set<() => void>();

export function useCut(): Cut {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Has the node cut a release. With its key, it goes on when nobody waits for the answer any more. */
export async function cut(body: CutInput): Promise<void> {
  const called = `${body.name} ${body.version}`;
  become({ is: 'running', called, step: '', done: 0, total: undefined });
  try {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const asked = api.POST('/api/v1/operations/release.cut', { body, headers });
    const { release } = (await answered(asked)).result;
    await queryClient.invalidateQueries({ queryKey: ['releases'] });
    become({ is: 'done', called, release });
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    become({ is: 'failed', called, error: told });
  }
}

/** The node tells everybody how far a cut is, whoever began it, on whatever page. */
hear((told) => {
  if (told.name !== 'progress' || told.data.name !== 'release.cut') return;
  // The answer to the one that was begun here is the last word on it.
  if (current.is === 'done' || current.is === 'failed') return;
  const { what, files, expectedFiles, bytes, expectedBytes, ended } = told.data;
  const called = current.is === 'running' ? current.called : undefined;
  if (!ended) {
    const done = { done: files ?? bytes ?? 0, total: expectedFiles ?? expectedBytes };
    become({ is: 'running', called, step: what, ...done });
  } else if (called === undefined) become({ is: 'none' });
});

function become(next: Cut): void {
  current = next;
  for (const listener of listeners) listener();
}
