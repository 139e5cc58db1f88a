import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LedgerProblem } from '../../core/ports/ledger.ts';

/** What the worker answers: what SQLite finds wrong, and how the schema differs from ours. */
type PageReport = readonly string[];

/**
 * Yields what is wrong with the pages, indexes and schema of the file. SQLite looks at all of it in
 * one call, so this runs in a thread of its own.
 */
export async function* pageProblems(path: string): AsyncGenerator<LedgerProblem, void> {
  const worker = new Worker(new URL('./page-worker.ts', import.meta.url), { workerData: path });
  try {
    // `once` rejects when the worker emits an error.
    const [report]: PageReport[] = await once(worker, 'message');
    for (const text of report ?? []) yield { code: 'home_corrupt', subject: path, text };
  } finally {
    await worker.terminate();
  }
}
