import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import type { KeptPreviews, Preview } from '../../core/ports/rendering.ts';
import { PreviewFiles } from './preview-files.ts';

const MOST_REFUSED = 10_000;

/** What the bytes are to blame for: it would come out alike, and may take long to. */
const OF_THE_BYTES: ReadonlySet<ErrorCode> = new Set([
  'media_unsuitable',
  'media_unreadable',
  'work_limit',
]);

/** Keeps previews in a folder, up to half a gigabyte. */
export function keptPreviews(
  folder: string,
  { atOnce = availableParallelism(), files = new PreviewFiles(folder) } = {},
): KeptPreviews {
  const refused = new Map<Cid, ArchiveError>();
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    async of(asset, make, signal) {
      const refusal = refused.get(asset);
      if (refusal !== undefined) throw refusal;
      return (await files.find(asset)) ?? (await inTurn(() => made(asset, make), signal));
    },
    inTurn,
    forget: (asset) => files.forget(asset),
  };

  async function made(asset: Cid, make: () => Promise<Preview>): Promise<Preview> {
    try {
      const preview = await make();
      await files.keep(asset, preview);
      return preview;
    } catch (error) {
      if (error instanceof ArchiveError && OF_THE_BYTES.has(error.code)) {
        const [oldest] = refused.keys();
        if (oldest !== undefined && refused.size >= MOST_REFUSED) refused.delete(oldest);
        refused.set(asset, error);
      }
      throw error;
    }
  }

  async function inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    throwIfAborted(signal);
    if (running < atOnce) running += 1;
    else await turn(signal);
    try {
      return await work();
    } finally {
      // Whoever is next takes this one's place.
      const next = waiting.pop();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  function turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(new ArchiveError('aborted', 'nobody waits for the preview any more'));
      };
      waiting.push(begin);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }
}
