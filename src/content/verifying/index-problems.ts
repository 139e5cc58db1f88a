import { Worker } from 'node:worker_threads';

/**
 * Returns what SQLite's full check finds wrong with the structure of the index file; nothing if it is
 * well. In a thread of its own, since the check reads the whole file.
 */
export function indexProblems(path: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./index-worker.ts', import.meta.url), { workerData: path });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the check of ${path} ended without an answer`)));
  });
}
