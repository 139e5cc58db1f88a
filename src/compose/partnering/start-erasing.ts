import { deleteErased } from '../../archive/erasing/delete-erased.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, type PartnerParts, tellFailure } from './partner-parts.ts';

/** Erasures are due by the day. */
const LOOK_MS = 3_600_000;

/** Deletes what was erased when its notice is over, and tells the others so, until disposed. */
export function startErasing({
  archive,
  projector,
  log,
}: Pick<PartnerParts, 'archive' | 'projector' | 'log'>): AsyncDisposable {
  const { ledger } = archive;
  const erasing = new Rounds({
    everyMs: LOOK_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'erase', error),
    round: async (signal) => {
      if (ledger.erasures().length === 0) return;
      const { records } = await deleteErased({ isEarly: false }, archive, signal);
      if (records === 0) return;
      log({ level: 'note', event: 'erase', text: `${records} erased records deleted` });
      projector.news();
    },
  });
  const running = new AsyncDisposableStack();
  running.use(erasing).start();
  running.defer(ledger.feed.watch(() => erasing.wake()));
  return running;
}
