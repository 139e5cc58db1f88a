import type { Archive } from '../../archive/archive.ts';
import { type CarriedOut, removalsToDo } from '../../archive/removing/carry-out-removals.ts';
import type { Log } from '../../core/ports/log.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, tellFailure } from './partner-parts.ts';

/** What came back, out of a backup or from a partner that had not heard of it, is looked for so often. */
const LOOK_MS = 3_600_000;

interface RemovingParts {
  readonly archive: Pick<Archive, 'feed' | 'ledger' | 'catalog' | 'clock'>;
  readonly log: Log;
  /** Carries out what is due while nothing is taken in. */
  carryOut(how: { readonly isNewOnly: boolean }, signal: AbortSignal): Promise<CarriedOut>;
}

/** Destroys what was removed as soon as that is confirmed, and tells the others so, until disposed. */
export function startRemoving({ archive, log, carryOut }: RemovingParts): AsyncDisposable {
  let looked = Number.NEGATIVE_INFINITY;
  const removing = new Rounds({
    everyMs: LOOK_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'remove', error),
    round: async (signal) => {
      const now = archive.clock();
      const isNewOnly = now < looked + LOOK_MS;
      await archive.catalog.catchUp({ signal });
      if (removalsToDo({ isNewOnly }, archive).length === 0) return;
      const { assets, blocks } = await carryOut({ isNewOnly }, signal);
      if (!isNewOnly) looked = now;
      if (assets === 0) return;
      const text = `the bytes of ${assets} removed assets are destroyed, ${blocks} blocks`;
      log({ level: 'note', event: 'remove', text });
    },
  });
  const running = new AsyncDisposableStack();
  running.use(removing).start();
  running.defer(archive.feed.watch(() => removing.wake()));
  return running;
}
