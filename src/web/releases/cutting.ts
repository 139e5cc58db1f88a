import { useSyncExternalStore } from 'react';
import { queryClient } from '../api/query-client.ts';
import { run } from '../api/run.ts';
import type { askedBy } from './selection.ts';

/** What is to be cut, by which name. */
export type CutInput = ReturnType<typeof askedBy> & {
  readonly name: string;
  readonly version: string;
  readonly url?: string;
};

/** How far a cut is, or what became of it. */
export type Cut =
  | { readonly is: 'none' }
  | {
      readonly is: 'running';
      readonly called: string;
      readonly step: string;
      readonly done: number;
      readonly total: number | undefined;
    }
  | { readonly is: 'failed'; readonly called: string; readonly error: Error }
  | { readonly is: 'done'; readonly called: string; readonly release: string };

/** It goes on while its person looks at other pages; a node cuts one release after another. */
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

export async function cut(input: CutInput): Promise<void> {
  const called = `${input.name} ${input.version}`;
  become({ is: 'running', called, step: '', done: 0, total: undefined });
  try {
    const { release } = await run<never, { release: string }>('release.cut', input, {
      progress: (step, { files, expectedFiles, bytes, expectedBytes }) =>
        become({
          ...{ is: 'running', called, step },
          ...{ done: files ?? bytes ?? 0, total: expectedFiles ?? expectedBytes },
        }),
    });
    await queryClient.invalidateQueries({ queryKey: ['releases'] });
    become({ is: 'done', called, release });
  } catch (error) {
    become({
      is: 'failed',
      called,
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
}

function become(next: Cut): void {
  current = next;
  for (const listener of listeners) listener();
}

addEventListener('beforeunload', (event) => {
  if (current.is === 'running') event.preventDefault();
});
