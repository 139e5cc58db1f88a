import { type Frame, framesIn } from './event-stream.ts';
import { signedFetch } from './identity.ts';
import type { Told } from './told.ts';

/** A node says something every 15 seconds; one that does not is gone. */
const SILENCE_MS = 40_000;
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

const listeners = new Set<(told: Told) => void>();

/** Has a function told of every event that {@link readEvents} reads; what it returns ends that. */
export function hear(listener: (told: Told) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Reads what the node tells as whoever is signed in, while the page is seen, until what it returns is
 * called. It goes on where it was; `behind` says where that cannot be.
 */
export function readEvents(): () => void {
  let reading: AbortController | undefined;
  let last: string | undefined;
  /** Whether something may have happened that will not be told. */
  let isBehind = false;
  const look = () => {
    reading?.abort();
    reading = undefined;
    isBehind ||= last === undefined && document.visibilityState === 'hidden';
    if (document.visibilityState === 'hidden') return;
    reading = new AbortController();
    void readOn(reading.signal);
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    reading?.abort();
  };

  async function readOn(ended: AbortSignal): Promise<void> {
    for (let wait = SHORTEST_WAIT_MS; !ended.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        for await (const frame of framesFrom(last, ended)) {
          if (isBehind) tell({ name: 'behind', data: {} });
          isBehind = false;
          wait = SHORTEST_WAIT_MS;
          last = frame.id ?? last;
          const told = toldIn(frame);
          if (told !== undefined) tell(told);
        }
      } catch {
        // Queries say whether the node answers; this comes back when it does.
      }
      isBehind ||= !ended.aborted;
      await pause(wait * (0.75 + Math.random() / 2), ended);
    }
  }
}

function tell(told: Told): void {
  for (const listener of listeners) listener(told);
}

/** Yields what the node sends until it ends, falls silent, or nobody reads any more. */
async function* framesFrom(last: string | undefined, ended: AbortSignal): AsyncGenerator<Frame> {
  const over = new AbortController();
  let timer = setTimeout(() => over.abort(), SILENCE_MS);
  try {
    const headers = last === undefined ? {} : { 'last-event-id': last };
    const signal = AbortSignal.any([ended, over.signal]);
    const { ok, body } = await signedFetch(new Request('/api/v1/events', { headers, signal }));
    if (!ok || body === null) return;
    for await (const frame of framesIn(body)) {
      clearTimeout(timer);
      timer = setTimeout(() => over.abort(), SILENCE_MS);
      yield frame;
    }
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** The node's own words are of the forms that it describes. */
function toldIn({ event, data }: Frame): Told | undefined {
  return event === undefined || data === undefined
    ? undefined
    : ({ name: event, data: JSON.parse(data) } as Told);
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      ended.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    ended.addEventListener('abort', over);
  });
}
