import { noteCopies } from '../../archive/copies/note-copies.ts';
import type { Replica } from '../../core/ports/replica.ts';
import { Rounds } from '../../replica/rounds.ts';
import { type PartnerParts, pause, tellFailure } from './partner-parts.ts';

/** One sample an hour is kept. */
const EVERY_MS = 3_600_000;

/** After some hundred assets, which take some 20 ms, whoever asks something meanwhile comes first for so long. */
const PAUSE_MS = 100;

/** Counting all copies, of which four fifths are pauses, takes no larger a part of the time than one in so many. */
const REST = 10;

/** Whoever was not there and comes is looked at once it has had time to become level. */
const SETTLE_MS = 300_000;

/**
 * Remembers from time to time how partners stand, until disposed: at the start, every hour, and some
 * minutes after somebody came who was not there the last time, so that coming and going causes no look of its own.
 */
export function startNotingCopies({
  archive,
  network,
  log,
  settings,
  replica,
}: Pick<PartnerParts, 'archive' | 'network' | 'log' | 'settings'> & {
  readonly replica: Replica;
}): AsyncDisposable {
  let seen: ReadonlyMap<string, boolean> = new Map();
  let restsUntil = 0;
  const noting = new Rounds({
    everyMs: EVERY_MS,
    gapMs: SETTLE_MS,
    onProblem: (error) => tellFailure(log, 'copies', error),
    round: async (signal) => {
      const began = performance.now();
      if (began < restsUntil) return;
      seen = await noteCopies(
        { ...archive, replica },
        { policy: settings.policy, signal, rest: () => pause(PAUSE_MS, signal) },
      );
      const ended = performance.now();
      restsUntil = ended + REST * (ended - began);
    },
  });
  const running = new AsyncDisposableStack();
  running.use(noting).start();
  running.defer(
    network.watch(({ peer, connected }) => {
      const holdsNothing = archive.ledger.memberOf(peer)?.replica === 'none';
      if (connected && !holdsNothing && seen.get(peer) !== true) noting.wake();
    }),
  );
  return running;
}
