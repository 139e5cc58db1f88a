import { pause } from './partner-parts.ts';

/** Rests are so many times as long as what went on before them: work that rests each tenth of a second takes a fifth of the process. */
const REST_TIMES = 4;

/** However long something took: a disk that is slow is no reason to wait for more. */
const LONGEST_REST_MS = 500;

/**
 * Returns a function for work that nobody waits for to await now and then: it rests four times as long as
 * has gone by since it was awaited last, so that those who ask meanwhile hardly notice.
 *
 * @throws {ArchiveError} `aborted` once the signal has fired.
 */
export function resting(signal: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    const went = performance.now() - since;
    await pause(Math.min(REST_TIMES * went, LONGEST_REST_MS), signal);
    since = performance.now();
  };
}
